import Foundation
import TestSupport
import Testing

@testable import Amphora

@Suite("Tidying up while others work, and deaths in the middle of it")
struct UpkeepProcessTests {
    @Test("A gc killed at any moment loses nothing, and the next one leaves nothing behind")
    func killed() throws {
        let project = try Project()
        var generator = SplitMix64(seed: 71)
        var contents: [String: [UInt8]] = [:]
        for round in 0..<24 {
            // Something loose, something packed, something to drop.
            try project.scratch.write("in/big", randomBytes(count: 1 << 21, seed: UInt64(round)))
            try project.scratch.write("in/round", "\(round)")
            let name = try project.amphora("put", "in", "--name", "data", "--type", "t", "--alias", "best")
            contents[name] = randomBytes(count: 1 << 21, seed: UInt64(round))
            if round > 2 {
                let old = "data:v\(round - 2)"
                try project.amphora("rm", old)
                contents[old] = nil
            }
            let gc = Process()
            gc.executableURL = URL(filePath: Project.program)
            gc.arguments = ["gc", "--grace", "0"]
            gc.currentDirectoryURL = URL(filePath: project.folder)
            gc.environment = hermeticEnvironment(home: project.folder)
            gc.standardOutput = FileHandle.nullDevice
            gc.standardError = FileHandle.nullDevice
            try withoutBlockedSignals { try gc.run() }
            Thread.sleep(forTimeInterval: Double(Int.random(in: 1...90, using: &generator)) / 1000)
            _ = kill(gc.processIdentifier, SIGKILL)
            gc.waitUntilExit()
            #expect(try project.fsck() == "", "round \(round)")
            let store = try Store.open(at: project.folder)
            #expect(Set(try store.allVersions().map(\.description)) == Set(contents.keys))
            for (name, bytes) in contents { #expect(try store.version(name).read("big") == bytes) }
            #expect(try store.version("data:best").description == "data:v\(round)")
        }
        // A lock that a killed process left at the packed refs is removed when it is old enough.
        let lock = project.scratch(".amphora/packed-refs.lock")
        if FileManager.default.fileExists(atPath: lock) {
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSinceNow: -60)], ofItemAtPath: lock)
        }
        try project.amphora("gc", "--grace", "0")
        let left = try project.script("cd .amphora && find objects -name 'tmp_*'; ls objects/pack | wc -l")
        #expect(left.output.trimmingCharacters(in: .whitespacesAndNewlines) == "2", "one pack, nothing else")
        #expect(try project.amphora("verify").hasSuffix("no damage"))
        #expect(try project.fsck() == "")
    }

    @Test("Eight processes put while gc runs again and again: nothing is lost")
    func putting() throws {
        let project = try Project()
        let result = try project.script(
            """
            put() {
                mkdir p$1
                for i in 0 1 2 3; do
                    head -c 1500000 /dev/urandom > p$1/big; echo "$1 $i" > p$1/file
                    amphora put p$1 --name data$1 --type t --alias best >> out$1 || exit 1
                    cp -r p$1 kept-$1-$i
                done
            }
            for p in 0 1 2 3 4 5 6 7; do put $p & pids="$pids $!"; done
            (while ! test -e done; do amphora gc --quiet --grace 1h >> gc.out || touch gc-failed; done) & gc=$!
            status=0
            for pid in $pids; do wait $pid || status=1; done
            touch done; wait $gc; test -e gc-failed && exit 3
            for p in 0 1 2 3 4 5 6 7; do for i in 0 1 2 3; do
                amphora get data$p:v$i --to got -q --exact > /dev/null && diff -r got kept-$p-$i || exit 4
            done; done
            exit $status
            """)
        #expect(result.status == 0, "\(result.status) \(result.output) \(result.error)")
        #expect(try project.amphora("verify").hasSuffix("no damage"))
        #expect(try project.fsck() == "")
        let tidied = String(decoding: try project.scratch.read("gc.out"), as: UTF8.self)
        #expect(tidied.contains("Packed "), "it came in between")
    }

    @Test("Whoever reads while gc runs never misses anything")
    func reading() throws {
        let project = try Project()
        try project.scratch.write("in/big", randomBytes(count: 3 << 20, seed: 81))
        for index in 0..<50 { try project.scratch.write("in/\(index)", "content \(index)") }
        try project.amphora("put", "in", "--name", "data", "--type", "t")
        let result = try project.script(
            """
            mkdir small
            read_all() {
                while ! test -e done; do
                    amphora get data --to out$1 --quiet > /dev/null || exit 1
                    diff -r in out$1 || exit 1
                    rm -r out$1
                    amphora cat data 7 > /dev/null || exit 1
                    echo >> gets
                done
            }
            for p in 0 1 2; do read_all $p & pids="$pids $!"; done
            for i in 0 1 2 3 4 5 6 7; do
                echo $i > small/file; amphora put small --name small --type t > /dev/null || exit 2
                amphora gc > /dev/null || exit 2
                amphora rm small:v$i > /dev/null || exit 2
                amphora gc --grace 0 > /dev/null || exit 2
            done
            touch done
            for pid in $pids; do wait $pid || exit 1; done
            """)
        #expect(result.status == 0, "\(result.status) \(result.output) \(result.error)")
        #expect(try project.scratch.read("gets").count > 5)
    }

    @Test("A command that waits says for whom, and gives up on nothing")
    func waiting() throws {
        let project = try Project()
        let result = try project.script(
            """
            flock -s .amphora/amphora/lock sh -c 'touch held; while ! test -e told; do sleep 0.01; done' &
            while ! test -e held; do sleep 0.01; done
            amphora gc --auto || exit 1
            amphora gc 2> err > out &
            while ! grep -q waiting err; do sleep 0.01; done
            touch told; wait
            cat err out
            """)
        #expect(result.status == 0)
        #expect(result.output.hasPrefix("waiting for others to finish writing"), "\(result.output)")
        #expect(result.output.contains("Packed "))
    }
}
