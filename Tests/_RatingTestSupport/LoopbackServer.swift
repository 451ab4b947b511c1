import RatingNumerics
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// An HTTP server on this machine that answers as a test tells it to, however wrong that is.
///
/// Every connection brings one request and one answer, and is then closed. It ends with the object.
public final class LoopbackServer: Sendable {
  public struct Request: Sendable {
    /// From 0, in the order in which they came.
    public var number: Int
    public var path: String
    /// Names in lower case.
    public var header: [String: String]

    /// The first byte that is asked for.
    public var offset: Int {
      guard let range = header["range"], range.hasPrefix("bytes=") else { return 0 }
      return Int(range.dropFirst(6).prefix { $0 != "-" }) ?? 0
    }
  }

  public enum Step: Sendable {
    case send([UInt8])
    /// Nothing more, but the connection stays open, until the client or the server ends.
    case stall
    /// The connection is reset, not closed.
    case reset
  }

  public let port: UInt16
  private let listener: Int32
  private let state = Mutex((requests: [Request](), connections: Set<Int32>(), isClosed: false))

  public var url: String { "http://127.0.0.1:\(port)" }
  public var requests: [Request] { state.withLock { $0.requests } }

  public init(_ respond: @escaping @Sendable (Request) -> [Step]) {
    #if canImport(Glibc)
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #else
      let descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #endif
    precondition(descriptor >= 0, "no socket")
    listener = descriptor
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer -> Bool in
        var length = size
        return bind(descriptor, pointer, size) == 0 && listen(descriptor, 16) == 0
          && getsockname(descriptor, pointer, &length) == 0
      }
    }
    precondition(bound, "the loopback server can't listen")
    port = UInt16(bigEndian: address.sin_port)
    // The thread must not keep the object, whose end is to end it.
    let serve: @Sendable (Int32) -> Void = { [weak self] connection in
      guard let self else {
        close(connection)
        return
      }
      self.serve(connection, respond)
    }
    _ = Parallel.startThread {
      while true {
        let connection = accept(descriptor, nil, nil)
        if connection < 0 { return }
        _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
        _ = Parallel.startThread { serve(connection) }
      }
    }
  }

  deinit {
    state.withLock { $0.isClosed = true }
    for connection in state.withLock({ $0.connections }) { shutdown(connection, 2) }
    shutdown(listener, 2)
    close(listener)
  }

  private func serve(_ connection: Int32, _ respond: @Sendable (Request) -> [Step]) {
    defer { close(connection) }
    #if canImport(Darwin)
      var yes: Int32 = 1
      setsockopt(connection, SOL_SOCKET, SO_NOSIGPIPE, &yes, 4)
    #endif
    var text: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4_096)
    while !text.suffix(4).elementsEqual([13, 10, 13, 10]) {
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count > 0 else { return }
      text += buffer[..<count]
    }
    let lines = String(decoding: text, as: UTF8.self).split(separator: "\r\n").map(String.init)
    let path = lines[0].split(separator: " ").dropFirst().first.map(String.init) ?? ""
    var header: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1).map(String.init)
      if parts.count == 2 { header[parts[0].lowercased()] = String(parts[1].drop { $0 == " " }) }
    }
    let request = state.withLock { state -> Request in
      let request = Request(number: state.requests.count, path: path, header: header)
      state.requests.append(request)
      state.connections.insert(connection)
      return request
    }
    defer { state.withLock { _ = $0.connections.remove(connection) } }
    for step in respond(request) {
      switch step {
      case .send(let bytes):
        var done = 0
        while done < bytes.count {
          #if canImport(Glibc)
            let flags = Int32(MSG_NOSIGNAL)
          #else
            let flags: Int32 = 0
          #endif
          let n = bytes.withUnsafeBytes { send(connection, $0.baseAddress! + done, $0.count - done, flags) }
          guard n > 0 else { return }
          done += n
        }
      case .stall:
        // Until the other side closes.
        while recv(connection, &buffer, buffer.count, 0) > 0 {}
        return
      case .reset:
        var ending = linger(l_onoff: 1, l_linger: 0)
        setsockopt(connection, SOL_SOCKET, SO_LINGER, &ending, socklen_t(MemoryLayout<linger>.size))
        return
      }
    }
  }

  /// The bytes of an answer. `Content-Length` is the body's, unless `header` has one; `["Content-Length": nil]` leaves it out.
  public static func answer(
    _ status: Int, _ header: [String: String?] = [:], _ body: some Collection<UInt8> = [UInt8]()
  ) -> [UInt8] {
    var fields: [String: String?] = ["Content-Length": String(body.count), "Connection": "close"]
    fields.merge(header) { $1 }
    var text = "HTTP/1.1 \(status) Status\r\n"
    for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
      if let value { text += "\(name): \(value)\r\n" }
    }
    return Array((text + "\r\n").utf8) + body
  }

  /// The answer of a good server that can resume: 206 with what is asked for, 200 with all of it.
  public static func file(_ content: [UInt8], _ request: Request, tag: String? = "\"v1\"") -> [UInt8] {
    let isSame = request.header["if-range"].map { $0 == tag } ?? true
    let offset = request.offset
    guard offset > 0, isSame else { return answer(200, ["ETag": tag], content) }
    guard offset < content.count else { return answer(416, ["Content-Range": "bytes */\(content.count)"]) }
    return answer(
      206, ["ETag": tag, "Content-Range": "bytes \(offset)-\(content.count - 1)/\(content.count)"],
      content[offset...])
  }
}
