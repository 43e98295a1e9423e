public import Amphora
public import AmphoraObjects
import AmphoraStore
import SystemPackage

/// The pages of a store as files, which any web server shows, or a double click.
///
/// They show the store as it was when they were written, and answer no questions: no search, no comparison of runs.
public struct StaticSite: Sendable {
    /// How much of a store's files a site has.
    public struct Limits: Sendable {
        /// Versions with more files than that have a list of them, and no page for each.
        public var fileCount = 1000
        /// Files with more bytes than that are not copied.
        public var byteCount = 1 << 20

        public init() {}
    }

    /// What was written.
    public struct Outcome: Sendable {
        public fileprivate(set) var pageCount = 0
        /// Files of versions, and images of runs.
        public fileprivate(set) var copyCount = 0
        /// Of all that was written.
        public fileprivate(set) var byteCount = 0
        /// What could not be read, by the paths of the files that miss it.
        public fileprivate(set) var problems: [(path: String, error: any Error)] = []
    }

    private let store: Store
    private let project: Project
    private let limits: Limits
    private let workers: Workers
    private let drawings: Drawings
    private let memory = Memory()

    public init(_ store: Store, _ project: Project, _ limits: Limits = Limits()) {
        self.store = store
        self.project = project
        self.limits = limits
        let patient = AmphoraWeb.Limits.patient
        workers = Workers(patient)
        drawings = Drawings(workers, patience: patient.drawing)
    }

    /// Writes the site, or brings one that is there up to date.
    ///
    /// - Parameters:
    ///   - folder: New or empty, or with a site in it; what no site has put there stays.
    ///   - progress: Is told how many files are written, of those that are known so far.
    /// - Returns: What was written. What cannot be read fails nothing else: its page says why.
    /// - Throws: If the folder has other files, or cannot be written; if refs cannot be read.
    public func write(to folder: String, progress: Progress.Handler? = nil) async throws -> Outcome {
        let (catalogue, folder) = try await workers { [store] in
            (Catalogue(try store.snapshot()), try SiteFolder(store.absolute(folder)))
        }
        let map = SiteMap(limits)
        let starts = [.project, .runs] + Place.LineageView.allCases.map { Place.lineage($0) }
        for place in starts { map.want(SiteFile(place: place)) }

        let outcome = try await withThrowingTaskGroup(of: Outcome.self) { group in
            var outcome = Outcome()
            var runningCount = 0
            while true {
                while runningCount < Self.width, let file = map.next() {
                    group.addTask { try await write(file, catalogue, map, to: folder) }
                    runningCount += 1
                }
                guard let written = try await group.next() else { return outcome }
                runningCount -= 1
                outcome.add(written)
                progress?(
                    Progress(
                        activity: "writing", fileCount: outcome.pageCount + outcome.copyCount,
                        totalFileCount: map.count, byteCount: outcome.byteCount, totalByteCount: 0))
            }
        }
        try await workers { try folder.finish() }
        return outcome
    }

    /// Files on their way at once: while some wait for `dot`, others are rendered.
    private static let width = 8

    private func write(_ file: SiteFile, _ catalogue: Catalogue, _ map: SiteMap, to folder: SiteFolder)
        async throws -> Outcome
    {
        let query = Query().with(["page": file.part > 1 ? "\(file.part)" : nil])
        let context = PageContext(
            store: store, catalogue: catalogue, memory: memory, query: query, links: .files(from: file, map))
        do {
            let answer = try await workers { try context.answer(file.place) }
            if case .page(let page, _) = answer {
                return try await write(page, at: file, context, to: folder)
            }
            return try await workers { try copy(answer, to: file, in: folder) }
        } catch {
            guard !(error is FileError), !(error is SiteFolderTaken) else { throw error }
            // What is copied has no room for words.
            var outcome =
                file.isCopy
                ? Outcome()
                : try await write(
                    .failure(Problem(error, remotes: project.remotes)), at: file, context, to: folder)
            outcome.problems = [("\(file)", error)]
            return outcome
        }
    }

    private func write(_ page: Page, at file: SiteFile, _ context: PageContext, to folder: SiteFolder)
        async throws -> Outcome
    {
        var page = page
        await page.draw(drawings)
        return try await workers { [page, project] in
            let html = page.html(context.links, project)
            try folder.write(file.path) { _ = try $0.writeAll(html.utf8) }
            var outcome = Outcome(pageCount: 1, byteCount: html.utf8.count)
            outcome.problems = page.trouble.map { [("\(file)", $0)] } ?? []
            return outcome
        }
    }

    private func copy(_ answer: Answer, to file: SiteFile, in folder: SiteFolder) throws -> Outcome {
        var outcome = Outcome()
        try folder.write(file.path) { target in
            func write(_ bytes: some Sequence<UInt8>) throws {
                outcome.byteCount += try target.writeAll(bytes)
            }
            switch answer {
            case .asset(let asset): try write(asset.bytes)
            case .download(let file):
                outcome.copyCount = 1
                try file.read(nil) { try write($0) }
            default: break
            }
        }
        return outcome
    }
}

extension StaticSite.Outcome {
    fileprivate mutating func add(_ other: Self) {
        pageCount += other.pageCount
        copyCount += other.copyCount
        byteCount += other.byteCount
        problems += other.problems
    }
}
