/// How far long work has come.
public struct Progress: Sendable, Equatable {
    /// What is being done: one word, such as `reading`.
    public var activity: String
    public var fileCount: Int
    public var totalFileCount: Int
    public var byteCount: Int
    public var totalByteCount: Int

    public init(activity: String, fileCount: Int, totalFileCount: Int, byteCount: Int, totalByteCount: Int) {
        self.activity = activity
        self.fileCount = fileCount
        self.totalFileCount = totalFileCount
        self.byteCount = byteCount
        self.totalByteCount = totalByteCount
    }

    /// Is told of progress, from any thread, often: it must be quick and must not throw.
    public typealias Handler = @Sendable (Progress) -> Void
}
