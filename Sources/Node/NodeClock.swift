package import Primitives
internal import Synchronization

/// The time that a node's chains go by: the wall clock, on a development network as far ahead of it as its user wants.
package final class NodeClock: Sendable {
    private let isAdjustable: Bool
    private let ahead = Atomic<UInt64>(0)

    /// The furthest that a clock can be ahead: a hundred years.
    package static let furthest: UInt64 = 36_525 * 86_400_000

    /// A clock that shows the machine's time, and for ever does unless it is adjustable.
    package init(isAdjustable: Bool) { self.isAdjustable = isAdjustable }

    /// Now, by this clock.
    package func now() -> Instant {
        SystemClock.now().advanced(by: Instant.Span(milliseconds: ahead.load(ordering: .relaxed)))
    }

    /// Moves the clock forward; false when it is not adjustable or would get too far ahead.
    package func advance(by span: Instant.Span) -> Bool {
        guard isAdjustable, span.milliseconds <= NodeClock.furthest else { return false }
        var old = ahead.load(ordering: .relaxed)
        while true {
            guard old + span.milliseconds <= NodeClock.furthest else { return false }
            let (isDone, current) = ahead.weakCompareExchange(
                expected: old, desired: old + span.milliseconds, ordering: .relaxed)
            if isDone { return true }
            old = current
        }
    }

    /// Takes up time travel where a stored chain left it: an adjustable clock never shows less than this.
    package func catchUp(to time: Instant) {
        let behind = time.since(now())
        if behind > .zero { _ = advance(by: behind) }
    }
}
