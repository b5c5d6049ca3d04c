internal import Ledger
internal import Primitives

/// Execution and storage of blocks.
extension Replica {
    /// Orders the execution of the oldest block on the way to `id` that has not been executed.
    mutating func execute(pathTo id: BlockID) {
        switch tree.path(to: id) {
        case .missing(let parent): want(parent, from: nil)
        case .elsewhere: break
        case .complete(let path):
            guard let next = path.first(where: { !tree.isExecuted($0) }), let entry = tree[next] else {
                return
            }
            switch entry.execution {
            case .idle:
                tree.setExecution(next, .running)
                outbox.append(.execute(entry.block))
            case .invalid(let reason): condemn(path, after: next, reason)
            case .running, .valid, .deferred: break
            }
        }
    }

    /// What rests on an invalid block is invalid.
    private mutating func condemn(_ path: [BlockID], after bad: BlockID, _ reason: String) {
        for id in path.drop(while: { $0 != bad }).dropFirst() {
            tree.setExecution(id, .invalid(reason))
            isDirty = true
        }
    }

    /// Notes the executor's answer.
    mutating func conclude(_ verdict: ExecutionVerdict, of id: BlockID) {
        guard tree[id]?.execution == .running else { return }
        switch verdict {
        case .valid: tree.setExecution(id, .valid)
        case .invalid(let reason): tree.setExecution(id, .invalid(reason))
        case .unavailable:
            let pause = Instant.Span(milliseconds: parameters.delta.milliseconds / 2 + 1)
            tree.setExecution(id, .deferred(until: clock.advanced(by: pause)))
        }
        isDirty = true
    }

    /// Asks again about blocks that could not be judged.
    mutating func retryDeferred() {
        for id in tree.deferred(at: clock).due {
            tree.setExecution(id, .idle)
            isDirty = true
        }
    }

    /// The next leader builds on it and every voter needs its state.
    mutating func executeBestParent() {
        guard let place = bestParent() else {
            if let first = book.firstUncertifiedView(below: view) { wantCertificates(from: first) }
            return
        }
        if !tree.isExecuted(place.parent) { execute(pathTo: place.parent) }
    }

    /// Keeps a block durably, once.
    mutating func store(_ id: BlockID) {
        guard let entry = tree[id], !entry.isStored else { return }
        tree.setStored(id)
        outbox.append(.store(entry.block))
    }
}
