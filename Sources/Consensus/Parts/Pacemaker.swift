internal import Ledger
internal import Primitives

/// When a view's timers run out, and whether they run at all (`consensus.md` 2 and 7).
struct Pacemaker: Sendable {
    let delta: Instant.Span
    let pacing: Pacing
    private var jitter: SeededGenerator
    /// When the view was entered, or work on it resumed after idling.
    private(set) var started: Instant
    /// When the leader may propose at the earliest; timers count from here.
    private(set) var base: Instant
    /// When to repeat what others may have missed; nil while idle.
    private(set) var nextRepeat: Instant?
    /// Timers run this many times longer after long runs of failed views.
    private(set) var patience: UInt64 = 1
    private(set) var isActive = false
    /// When this node's cause counts from; nil while it has none.
    private(set) var ownCause: Instant?
    /// The height that some member wants, as far as we heard.
    var heardCause = Height.zero

    init(parameters: ConsensusParameters, seed: UInt64) {
        delta = parameters.delta
        pacing = parameters.pacing
        jitter = SeededGenerator(seed: seed)
        started = .zero
        base = .zero
    }

    /// Members that hold no candidate by then give the view up.
    var proposalDue: Instant { base.advanced(by: delta.times(2 * patience)) }
    /// Members give the view up by then in any case.
    var viewDue: Instant { base.advanced(by: delta.times(3 * patience)) }

    /// Starts a view; `gap` views before it failed since the last notarised one.
    ///
    /// A Δ that is too small for the network slows the chain down instead of stopping it.
    mutating func enterView(at now: Instant, gap: UInt64) {
        started = now
        base = now
        patience = 1 + min(gap / 8, 7)
        nextRepeat = nil
    }

    /// Runs or stops the timers; `earliest` is the parent's timestamp plus the interval.
    mutating func update(isActive active: Bool, earliest: Instant, at now: Instant) {
        if active, !isActive { started = max(started, now) }
        isActive = active
        base = max(started, earliest)
        if !active {
            nextRepeat = nil
        } else if nextRepeat == nil {
            scheduleRepeat(after: base)
        }
    }

    /// True when this node holds something to put into a block.
    func hasCause(at now: Instant) -> Bool { ownCause.map { $0 <= now } ?? false }

    /// Notes or withdraws this node's cause.
    mutating func setCause(_ isPresent: Bool, at now: Instant) { ownCause = isPresent ? now : nil }

    /// A final block ends every cause.
    ///
    /// Ours counts again after Δ, or as soon as we are told that it still stands, so that a block which
    /// held all there was is not followed by an empty one.
    mutating func endCauses(at now: Instant) {
        if ownCause != nil { ownCause = now.advanced(by: delta) }
    }

    /// Repetitions come every Δ, a little apart on each replica so that they do not collide.
    mutating func scheduleRepeat(after time: Instant) {
        let spread = Instant.Span(milliseconds: jitter.below(delta.milliseconds / 4 + 1))
        nextRepeat = time.advanced(by: delta).advanced(by: spread)
    }

    /// When a block is due although nobody has a cause; nil when the chain makes one every interval anyway.
    func heartbeatDue(after tip: Instant) -> Instant? {
        guard case .onDemand(let heartbeat) = pacing else { return nil }
        return tip.advanced(by: heartbeat)
    }
}
