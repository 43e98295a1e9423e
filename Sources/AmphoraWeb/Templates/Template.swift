import Mustache

/// The templates of the pages, in Resources.
enum Template: String, CaseIterable, Sendable {
    // Pages.
    case project, search, artifact, version, folder, file, run, runs, comparison, lineage, failure
    // Parts of them.
    case layout, table, cell, label, pager, fields, tabs, filter, graph, legend, charts, compare, hunks

    private var bytes: [UInt8] {
        switch self {
        case .project: PackageResources.project_mustache
        case .search: PackageResources.search_mustache
        case .artifact: PackageResources.artifact_mustache
        case .version: PackageResources.version_mustache
        case .folder: PackageResources.folder_mustache
        case .file: PackageResources.file_mustache
        case .run: PackageResources.run_mustache
        case .runs: PackageResources.runs_mustache
        case .failure: PackageResources.failure_mustache
        case .layout: PackageResources.layout_mustache
        case .table: PackageResources.table_mustache
        case .fields: PackageResources.fields_mustache
        case .pager: PackageResources.pager_mustache
        case .cell: PackageResources.cell_mustache
        case .label: PackageResources.label_mustache
        case .tabs: PackageResources.tabs_mustache
        case .filter: PackageResources.filter_mustache
        case .comparison: PackageResources.comparison_mustache
        case .charts: PackageResources.charts_mustache
        case .compare: PackageResources.compare_mustache
        case .hunks: PackageResources.hunks_mustache
        case .graph: PackageResources.graph_mustache
        case .legend: PackageResources.legend_mustache
        case .lineage: PackageResources.lineage_mustache
        }
    }

    /// Fills the template.
    func render(_ model: Model) -> String { Self.library.render(model, withTemplate: rawValue) ?? "" }

    private static let library: MustacheLibrary = {
        MustacheContentTypes.register(Markup(), named: Markup.name)
        var library = MustacheLibrary()
        for template in allCases {
            let text =
                "{{% CONTENT_TYPE: \(Markup.name) }}\n" + String(decoding: template.bytes, as: UTF8.self)
            do {
                try library.register(text, named: template.rawValue)
            } catch {
                preconditionFailure("The template \(template) is wrong: \(error)")
            }
        }
        return library
    }()
}

/// What a template is filled with: text, truth values, and models or lists of them by name.
typealias Model = [String: Any]
