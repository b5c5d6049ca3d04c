/// The members of a JSON object in the order written, each key once.
public struct JSONObject: Sendable, Equatable {
    /// One key with its value.
    public struct Member: Sendable, Equatable {
        /// The key, compared by its UTF-8 bytes.
        public let key: String

        /// What stands under the key.
        public var value: JSONValue

        /// A key with a value.
        public init(_ key: String, _ value: JSONValue) {
            self.key = key
            self.value = value
        }

        /// Whether key and value are the same bytes.
        public static func == (left: Member, right: Member) -> Bool {
            left.key.hasSameBytes(as: right.key) && left.value == right.value
        }
    }

    /// All members in order.
    public private(set) var members: [Member] = []

    // Places of the members sorted by key bytes. Sorting needs no hash that strangers could flood; it is empty
    // while the object is so small that looking at every member is quicker.
    private var sorted: [Int] = []

    private static let smallCount = 12

    /// An object without members.
    public init() {}

    /// An object of these members; nil when a key occurs twice.
    public init?(_ members: [Member]) {
        guard JSONObject.duplicate(in: members) == nil else { return nil }
        self.init(distinct: members)
    }

    // A key written twice in a literal is a mistake in this program.
    init(literal elements: [(String, JSONValue)]) {
        let members = elements.map { Member($0.0, $0.1) }
        precondition(JSONObject.duplicate(in: members) == nil, "A JSON object literal names a key twice.")
        self.init(distinct: members)
    }

    // The caller has looked for duplicates.
    init(distinct members: [Member]) {
        self.members = members
        sorted = members.count > JSONObject.smallCount ? JSONObject.sortedPlaces(of: members) : []
    }

    /// How many members there are.
    public var count: Int {
        members.count
    }

    /// Whether there is no member.
    public var isEmpty: Bool {
        members.isEmpty
    }

    /// The keys in order.
    public var keys: [String] {
        members.map(\.key)
    }

    /// The value under exactly this key; assigning replaces in place, appends, or with nil removes.
    public subscript(key: String) -> JSONValue? {
        get {
            place(of: key).map { members[$0].value }
        }
        set {
            switch (place(of: key), newValue) {
            case (let place?, let value?): members[place].value = value
            case (let place?, nil):
                members.remove(at: place)
                self = JSONObject(distinct: members)
            case (nil, let value?):
                members.append(Member(key, value))
                self = JSONObject(distinct: members)
            case (nil, nil): break
            }
        }
    }

    /// Whether both have equal members in the same order.
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.members == right.members
    }

    private func place(of key: String) -> Int? {
        guard !sorted.isEmpty else { return members.firstIndex { $0.key.hasSameBytes(as: key) } }
        var low = 0
        var high = sorted.count
        while low < high {
            let middle = (low + high) / 2
            if members[sorted[middle]].key.utf8.lexicographicallyPrecedes(key.utf8) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        guard low < sorted.count, members[sorted[low]].key.hasSameBytes(as: key) else { return nil }
        return sorted[low]
    }
}

extension JSONObject {
    // The place of the first member whose key occurred before.
    static func duplicate(in members: [Member]) -> Int? {
        members.count > smallCount ? duplicateBySorting(members) : duplicateByLooking(members)
    }

    private static func duplicateByLooking(_ members: [Member]) -> Int? {
        for place in members.indices.dropFirst() {
            for earlier in 0..<place where members[earlier].key.hasSameBytes(as: members[place].key) {
                return place
            }
        }
        return nil
    }

    private static func duplicateBySorting(_ members: [Member]) -> Int? {
        let places = sortedPlaces(of: members)
        var first: Int?
        for (left, right) in zip(places, places.dropFirst())
        where members[left].key.hasSameBytes(as: members[right].key) {
            first = min(first ?? right, max(left, right))
        }
        return first
    }

    private static func sortedPlaces(of members: [Member]) -> [Int] {
        members.indices.sorted { left, right in
            let (leftKey, rightKey) = (members[left].key.utf8, members[right].key.utf8)
            if leftKey.lexicographicallyPrecedes(rightKey) { return true }
            return left < right && !rightKey.lexicographicallyPrecedes(leftKey)
        }
    }
}
