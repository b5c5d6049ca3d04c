public import Primitives

/// Future events in order of time; events of one instant come out in the order in which they were put in.
public struct EventQueue<Event> {
    private struct Entry {
        let time: Instant
        let sequence: UInt64
        let event: Event

        func isBefore(_ other: Entry) -> Bool {
            time == other.time ? sequence < other.sequence : time < other.time
        }
    }

    private var heap: [Entry] = []
    private var sequence: UInt64 = 0

    /// Starts empty.
    public init() {}

    /// How many events are waiting.
    public var count: Int { heap.count }

    /// When the next event happens.
    public var nextTime: Instant? { heap.first?.time }

    /// Puts an event at a time.
    public mutating func add(_ event: Event, at time: Instant) {
        sequence += 1
        heap.append(Entry(time: time, sequence: sequence, event: event))
        siftUp(from: heap.count - 1)
    }

    /// Takes the next event.
    public mutating func next() -> (time: Instant, event: Event)? {
        guard let first = heap.first, let last = heap.popLast() else { return nil }
        if !heap.isEmpty {
            heap[0] = last
            siftDown(from: 0)
        }
        return (first.time, first.event)
    }

    private mutating func siftUp(from start: Int) {
        var child = start
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].isBefore(heap[parent]) else { break }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func siftDown(from start: Int) {
        var parent = start
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
                if heap[child].isBefore(heap[least]) { least = child }
            }
            guard least != parent else { return }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
