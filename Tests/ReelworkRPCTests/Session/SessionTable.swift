import Testing
enum SessionTable { static let cells: [String: String] = [:] }
