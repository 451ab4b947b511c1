/// Which members of a tar file are ratings: those that a folder would be searched for, in one folder of the archive.
enum RatingArchive {
  /// The files of ratings in a tar file that isn't compressed, by ascending name.
  static func sources(in file: OpenFile) throws(RatingDataError) -> [RatingSource] {
    var walker = TarWalker(ByteSource(file, hashes: false), descends: true)
    var found: [(path: String, range: Range<Int>)] = []
    while let member = try walker.next() {
      if let path = path(of: member) { found.append((path, member.offset..<member.offset + member.size)) }
    }
    let order = try order(of: found.map(\.path), in: file.path)
    return order.map {
      RatingSource(
        name: name(of: found[$0].path, in: file.path), path: file.path, stamp: file.stamp, range: found[$0].range,
        file: file)
    }
  }

  /// The path of a member that is a file of ratings; nil for any other member.
  static func path(of member: TarWalker.Member) -> String? {
    guard !member.isFolder, let path = member.path, !path.isClutter, let name = path.components.last,
      RatingFiles.prefixes.contains(where: name.hasPrefix), name.hasSuffix(".txt")
    else { return nil }
    return member.archive.map { "\($0)/\(path.text)" } ?? path.text
  }

  /// A member as problems name it.
  static func name(of path: String, in archive: String) -> String { "\(archive)/\(path)" }

  /// The positions of these members in the order of their names, in which a folder of them would be read.
  ///
  /// - Throws: where there are none, or where it isn't clear which are meant.
  static func order(of paths: [String], in archive: String) throws(RatingDataError) -> [Int] {
    func fail(_ code: ProblemCode, _ message: String) -> RatingDataError {
      RatingDataError(.badData, code, file: archive, message)
    }
    guard !paths.isEmpty else {
      throw fail(.noRows, "is a tar file without mv_*.txt or combined_data_*.txt, so it holds no ratings")
    }
    let order = paths.indices.sorted { paths[$0].utf8.lexicographicallyPrecedes(paths[$1].utf8) }
    for (one, other) in zip(order, order.dropFirst()) where paths[one] == paths[other] {
      throw fail(.badArchive, "holds \(paths[one]) more than once; make it again")
    }
    func folder(_ path: String) -> Substring { path.lastIndex(of: "/").map { path[..<$0] } ?? "" }
    func prefix(_ path: String) -> String? { RatingFiles.prefixes.first { RatingFiles.name(path).hasPrefix($0) } }
    let (first, last) = (paths[order[0]], paths[order[order.count - 1]])
    guard order.allSatisfy({ folder(paths[$0]) == folder(first) && prefix(paths[$0]) == prefix(first) }) else {
      throw fail(
        .unclearFolder,
        "holds ratings in more than one folder or of more than one kind, such as \(first) and \(last);"
          + " unpack it, and name one of them")
    }
    return order
  }
}
