/// Unpacks a tar file from its first byte to its last.
struct TarReader {
  var walker: TarWalker

  mutating func unpack(into target: UnpackTarget) throws(RatingDataError) {
    var buffer = [UInt8](repeating: 0, count: 1 << 17)
    while let member = try walker.next() {
      guard let path = member.path, !path.isClutter else { continue }
      if member.isFolder {
        try target.makeFolder(path)
        continue
      }
      let file = try target.makeFile(path)
      while !walker.isAtEnd {
        let count = try buffer.withUnsafeMutableBufferPointer { (buffer) throws(RatingDataError) in
          try walker.read(into: buffer)
        }
        try target.add(bytes: count)
        try file.write(count == buffer.count ? buffer : Array(buffer[..<count]))
      }
      try file.close()
    }
  }
}
