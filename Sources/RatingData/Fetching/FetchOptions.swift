/// How data sets are fetched. The defaults are for people at a terminal.
public struct FetchOptions: Sendable {
  /// Whether nothing may be asked of the network.
  public var isOffline: Bool
  /// Local archives in place of the downloads of a data set, in their order; empty downloads.
  public var localFiles: [String]
  /// Addresses in place of the catalogue's, one for each download; empty takes the catalogue's.
  public var addresses: [String]
  public var policy: DownloadPolicy
  public var limits: UnpackLimits
  /// Told of every step.
  public var onEvent: (@Sendable (FetchEvent) -> Void)?

  public init(
    isOffline: Bool = false, localFiles: [String] = [], addresses: [String] = [],
    policy: DownloadPolicy = DownloadPolicy(), limits: UnpackLimits = UnpackLimits(),
    onEvent: (@Sendable (FetchEvent) -> Void)? = nil
  ) {
    self.isOffline = isOffline
    self.localFiles = localFiles
    self.addresses = addresses
    self.policy = policy
    self.limits = limits
    self.onEvent = onEvent
  }
}

/// How patient a download is.
public struct DownloadPolicy: Sendable, Hashable {
  /// Attempts at each address without progress. Default: 4.
  public var attempts = 4
  /// Seconds before the second attempt; each further pause is twice as long, up to 30 s. Default: 1.
  public var firstPause = 1.0
  /// Seconds without a byte after which an attempt is given up. Default: 30.
  public var stallSeconds = 30.0
  /// Redirects that are followed. Default: 5.
  public var redirects = 5
  /// Bytes that are accepted where the catalogue has no size. Default: 8 GiB.
  public var largestFile = 8 << 30
  /// The program that does the transfer, looked for on the PATH. Default: `curl`.
  public var program = "curl"

  public init() {}
}

/// What a fetch is doing.
public enum FetchEvent: Sendable, Hashable {
  case waitingForAnotherFetch
  case downloading(file: String, bytes: Int, total: Int?)
  case retrying(file: String, reason: String, seconds: Double)
  case unpacking(file: String)
  /// Something worth knowing, such as trust on first use.
  case note(String)
}
