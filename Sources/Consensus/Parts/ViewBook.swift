internal import Crypto
internal import Ledger
internal import Primitives

/// Votes, certificates and proposals of the open round's views above its last final block.
///
/// Views are kept in order, so nothing depends on how a hash table is laid out.
struct ViewBook: Sendable {
    let chain: ChainID
    let round: Round
    let members: MemberSet
    /// The view of the last final block, or zero for the round's root, and that block.
    private(set) var base: (view: View, block: BlockID)
    private var records: [ViewRecord] = []
    /// The highest view with a certificate of any kind.
    private(set) var highestCertified: View

    init(chain: ChainID, round: Round, members: MemberSet, base: (view: View, block: BlockID)) {
        self.chain = chain
        self.round = round
        self.members = members
        self.base = base
        highestCertified = base.view
    }

    /// What is known about a view, or nil.
    func record(_ view: View) -> ViewRecord? {
        let index = slot(view)
        return index < records.count && records[index].view == view ? records[index] : nil
    }

    func isNullified(_ view: View) -> Bool { record(view)?.isNullified ?? false }

    /// Blocks notarised in a view, smallest id first; the base counts as notarised.
    func notarized(_ view: View) -> [BlockID] {
        guard view != base.view else { return [base.block] }
        return record(view)?.notarizations.map(\.block).sorted() ?? []
    }

    func isNotarized(_ block: BlockID, in view: View) -> Bool {
        guard view != base.view else { return block == base.block }
        return record(view)?.notarizations.contains { $0.block == block } ?? false
    }

    /// True when every view strictly between the two is nullified (the gap rule of `consensus.md` 2).
    func isGapNullified(above lower: View, below upper: View) -> Bool {
        firstOpenView(above: lower, below: upper) == nil
    }

    /// The lowest view strictly between the two that is not nullified.
    func firstOpenView(above lower: View, below upper: View) -> View? {
        var view = lower.next
        while view < upper {
            guard isNullified(view) else { return view }
            view = view.next
        }
        return nil
    }

    /// The lowest view above the base, below this one, that has no certificate here.
    func firstUncertifiedView(below upper: View) -> View? {
        var view = base.view.next
        while view < upper {
            guard record(view)?.isCertified == true else { return view }
            view = view.next
        }
        return nil
    }

    /// True when someone spoke in this view, or so many in a later one that one of them is honest.
    func isAlive(from view: View) -> Bool {
        records[slot(view)...].contains { record in
            record.view == view
                ? record.isAlive : record.tallies.contains { $0.seats.count > members.tolerated }
        }
    }

    /// True when a block above the base is notarised.
    var hasUnfinalNotarization: Bool { records.contains { !$0.notarizations.isEmpty } }

    /// Views above the base that have a tally of this kind with at least `needed` votes.
    func ballots(_ kind: VoteKind, atLeast needed: Int) -> [Ballot] {
        records.flatMap { record in
            record.tallies.filter { $0.ballot.kind == kind && $0.seats.count >= needed }.map(\.ballot)
        }
    }

    /// What shows others that a view is over: its notarisations and its nullification.
    func certificates(of view: View) -> [Certificate] {
        guard let record = record(view) else { return [] }
        return record.notarizations.map(\.certificate) + [record.nullification].compactMap { $0 }
    }

    mutating func update<Result>(_ view: View, _ body: (inout ViewRecord) -> Result) -> Result {
        let index = slot(view)
        if index == records.count || records[index].view != view {
            records.insert(ViewRecord(view: view, memberCount: members.count), at: index)
        }
        return body(&records[index])
    }

    /// Notes a nullification; false when it was known.
    mutating func nullify(_ view: View, by certificate: Certificate) -> Bool {
        highestCertified = max(highestCertified, view)
        return update(view) { record in
            guard !record.isNullified else { return false }
            record.isNullified = true
            record.nullification = certificate
            return true
        }
    }

    /// Notes a notarised block; false when it was known.
    mutating func notarize(_ block: BlockID, in view: View, by certificate: Certificate) -> Bool {
        highestCertified = max(highestCertified, view)
        return update(view) { record in
            guard !record.notarizations.contains(where: { $0.block == block }) else { return false }
            record.notarizations.append(Notarization(block: block, certificate: certificate))
            return true
        }
    }

    /// Makes a final block the new base and forgets the views up to its own.
    mutating func rebase(to block: BlockID, in view: View) {
        base = (view, block)
        highestCertified = max(highestCertified, view)
        records.removeSubrange(..<slot(view.next))
    }

    /// Drops what views far behind the current one no longer need.
    mutating func compact(at view: View) {
        guard view.value > ConsensusLimits.viewsBehind else { return }
        let old = slot(View(view.value - ConsensusLimits.viewsBehind))
        for index in records[..<old].indices where records[index].isAlive {
            records[index].tallies = []
            records[index].proposals = []
        }
        for index in records[..<max(0, old - ConsensusLimits.shownViews)].indices {
            records[index].nullification = nil
        }
    }

    private func slot(_ view: View) -> Int {
        var low = 0
        var high = records.count
        while low < high {
            let middle = (low + high) / 2
            if records[middle].view < view { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
