// SPDX-License-Identifier: Apache-2.0
// Reelwork: reelwork import

import ArgumentParser
import Foundation
import ReelworkCore
import ReelworkDaemon
import ReelworkStore
import ReelworkSystem

/// Imports the predecessor's database.
struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Import the jobs of the predecessor's database.",
        discussion: HelpText.flowing(
            """
            FILE is the SQLite database of the old scheduler, with the tables jobs and nodes. It is
            read and never changed; stop the old scheduler first. The jobs go into the database in
            DIR, which is made where it is not there; no scheduler may run on DIR meanwhile.

            Every row that is changed in meaning is a line of the report: gaps in histories that
            were bridged by legal moves, jobs that a node held and that wait again, jobs that can
            never run and are rejected, words, numbers and times that mean nothing. Jobs get new
            numbers; their keys are import: and their old ids, so that a second import brings
            nothing twice. Nodes are listed and not imported: a worker registers itself.

            Ends with 1 where FILE is not the predecessor's or DIR is in use, 70 where the store
            fails.

            Example:
              reelwork import old.db --data /var/lib/reelwork --dry-run
              reelwork import old.db --data /var/lib/reelwork --json > report.jsonl
            """
        )
    )

    @Argument(help: ArgumentHelp("The predecessor's database.", valueName: "file.db"))
    var file: String

    @Option(
        help: ArgumentHelp(
            "The scheduler's data folder; made where it is not there.",
            valueName: "dir"
        )
    )
    var data: String

    @Flag(help: "Change nothing, and print what an import would report.")
    var dryRun = false

    @OptionGroup var style: OutputOptions

    func validate() throws {
        if file.isEmpty { throw ValidationError("FILE is empty; name the predecessor's database") }
        if data.isEmpty { throw ValidationError("--data is empty; name the data folder") }
    }

    func run() throws {
        let judge = SpecJudge(engines: try EngineSet.registry())
        let rules = ImportRules(
            encode: { SpecJudge.bytes(of: $0) },
            decode: { SpecJudge.spec(from: $0) },
            problem: { judge.problem(of: $0) }
        )
        let folder = JobOrder.absolute(data, in: try JobOrder.currentFolder())
        let printer = ImportPrinter(isJSON: style.json, isDry: dryRun)
        do throws(ImportError) {
            // The file first: a wrong name makes no folder.
            let source = try PredecessorFile(file)
            let store = dryRun ? nil : try Import.open(folder)
            defer { store?.close() }
            let target: any ImportTarget =
                if let store { try Import.target(store) } else {
                    try DryImportTarget(folder: folder)
                }
            var importer = Importer(
                file: source,
                target: target,
                rules: rules,
                now: SystemClock.wall(),
                report: { printer.print($0) },
                progress: { printer.tell($0) }
            )
            let summary = try importer.run()
            if let store { try Import.finish(store) }
            printer.print(summary)
        } catch {
            throw CommandFailure(error)
        }
    }

    private static func open(_ folder: String) throws(ImportError) -> SQLiteJobStore {
        do throws(StoreError) {
            return try SQLiteJobStore(folder: folder)
        } catch {
            throw .store(error)
        }
    }

    private static func target(_ store: SQLiteJobStore) throws(ImportError) -> StoreImportTarget {
        do throws(StoreError) {
            return try StoreImportTarget(store)
        } catch {
            throw .store(error)
        }
    }

    private static func finish(_ store: SQLiteJobStore) throws(ImportError) {
        do throws(StoreError) {
            try store.checkpoint(isFinal: true)
        } catch {
            throw .store(error)
        }
    }
}
