// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let hummingbirdTesting = Target.Dependency.product(name: "HummingbirdTesting", package: "hummingbird")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTPTypes = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")

/// Libraries first, each knowing only those above it: see Docs/Architecture.md.
let package = Package(
    name: "amphora",
    platforms: [.macOS(.v26)],
    products: [
        .library(name: "Amphora", targets: ["Amphora"]),
        .library(name: "AmphoraSync", targets: ["AmphoraSync"]),
        .library(name: "AmphoraWeb", targets: ["AmphoraWeb"]),
        .executable(name: "amphora", targets: ["AmphoraCLI"]),
        .executable(name: "amphora-bench", targets: ["AmphoraBenchmarks"]),
        .executable(name: "digits-pipeline", targets: ["DigitsPipeline"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"),
    ],
    targets: [
        .systemLibrary(
            name: "CLibgit2", pkgConfig: "libgit2",
            providers: [.apt(["libgit2-dev"]), .brew(["libgit2"])]),
        .systemLibrary(
            name: "CLibdeflate", pkgConfig: "libdeflate",
            providers: [.apt(["libdeflate-dev"]), .brew(["libdeflate"])]),
        .systemLibrary(
            name: "CCmark", pkgConfig: "libcmark-gfm",
            providers: [.apt(["libcmark-gfm-dev", "libcmark-gfm-extensions-dev"]), .brew(["cmark-gfm"])]),

        .target(name: "AmphoraObjects", swiftSettings: settings),
        .target(name: "AmphoraChunking", dependencies: [system], swiftSettings: settings),
        .target(
            name: "AmphoraPack", dependencies: ["AmphoraObjects", "CLibdeflate", crypto, system],
            swiftSettings: settings),
        .target(
            name: "AmphoraGit", dependencies: ["AmphoraObjects", "AmphoraPack", "CLibgit2", system],
            swiftSettings: settings),
        .target(
            name: "AmphoraStore",
            dependencies: ["AmphoraObjects", "AmphoraChunking", "AmphoraPack", "AmphoraGit", grdb, system],
            swiftSettings: settings),
        .target(
            name: "Amphora",
            dependencies: ["AmphoraObjects", "AmphoraPack", "AmphoraGit", "AmphoraStore", grdb, system],
            swiftSettings: settings),
        .target(
            name: "AmphoraSync",
            dependencies: [
                "AmphoraObjects", "AmphoraPack", "AmphoraGit", "AmphoraStore", "Amphora", subprocess, system,
            ], swiftSettings: settings),
        .target(
            name: "AmphoraWeb",
            dependencies: [
                "AmphoraObjects", "AmphoraStore", "Amphora", "CCmark", crypto, httpTypes, hummingbird,
                hummingbirdCore, lifecycle, logging, mustache, nioCore, nioHTTPTypes, nioPosix, subprocess,
                system,
            ],
            resources: [.embedInCode("Resources")],
            swiftSettings: settings),
        .executableTarget(
            name: "AmphoraCLI",
            dependencies: ["Amphora", "AmphoraSync", "AmphoraWeb", argumentParser, subprocess, system],
            swiftSettings: settings),
        .executableTarget(name: "DigitsPipeline", dependencies: ["Amphora"], swiftSettings: settings),
        .executableTarget(
            name: "AmphoraBenchmarks",
            dependencies: [
                "AmphoraObjects", "AmphoraChunking", "AmphoraPack", "AmphoraStore", argumentParser, system,
            ], swiftSettings: settings),

        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: settings),
        .testTarget(
            name: "AmphoraObjectsTests", dependencies: ["AmphoraObjects", "AmphoraPack", "TestSupport"],
            swiftSettings: settings),
        .testTarget(
            name: "AmphoraChunkingTests", dependencies: ["AmphoraChunking", "TestSupport", system],
            swiftSettings: settings),
        .testTarget(
            name: "AmphoraPackTests",
            dependencies: ["AmphoraPack", "AmphoraObjects", "CLibdeflate", "TestSupport", system],
            swiftSettings: settings),
        .testTarget(
            name: "AmphoraGitTests",
            dependencies: ["AmphoraGit", "AmphoraObjects", "AmphoraPack", "TestSupport"],
            swiftSettings: settings),
        .testTarget(
            name: "AmphoraStoreTests",
            dependencies: [
                "AmphoraStore", "AmphoraGit", "AmphoraObjects", "AmphoraPack", "TestSupport", grdb, system,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "AmphoraTests",
            dependencies: [
                "Amphora", "AmphoraStore", "AmphoraGit", "AmphoraObjects", "AmphoraPack", "CLibdeflate",
                "TestSupport", grdb,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "AmphoraSyncTests",
            dependencies: [
                "AmphoraSync", "Amphora", "AmphoraStore", "AmphoraGit", "AmphoraPack", "AmphoraObjects",
                "TestSupport", system,
            ], swiftSettings: settings),
        .testTarget(
            name: "AmphoraWebTests",
            dependencies: [
                "AmphoraWeb", "Amphora", "AmphoraObjects", "TestSupport", httpTypes, hummingbird,
                hummingbirdTesting, nioCore,
            ], swiftSettings: settings),
        .testTarget(
            name: "AmphoraBrowserTests",
            dependencies: ["Amphora", "AmphoraCLI", "DigitsPipeline", "TestSupport", subprocess, system],
            resources: [.embedInCode("Scripts")],
            swiftSettings: settings),
        .testTarget(
            name: "AmphoraCLITests", dependencies: ["AmphoraCLI", "AmphoraObjects", "TestSupport"],
            swiftSettings: settings),
        .testTarget(
            name: "AmphoraInteropTests",
            dependencies: ["Amphora", "AmphoraBenchmarks", "AmphoraCLI", "DigitsPipeline", "TestSupport"],
            swiftSettings: settings),
        .testTarget(
            name: "AmphoraBenchmarksTests",
            dependencies: ["AmphoraBenchmarks", "AmphoraPack", "TestSupport"],
            swiftSettings: settings),
        .testTarget(
            name: "DigitsPipelineTests", dependencies: ["DigitsPipeline"], swiftSettings: settings),
    ]
)
