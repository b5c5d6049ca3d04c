/*
 * Agreement of Simplex rounds: consensus.md 2 (one view) and 3 (rounds, closing rule), for n = 4 members.
 *
 * It mirrors, in Sources/Consensus and Sources/Ledger:
 *   Replica/Replica+Voting.swift     cast, noteSupport, advanceViews, leave   -> NOTARIZE, TIMEOUT, FINALIZE
 *   Replica/Replica+Proposing.swift  the parent and the re-proposal of a closing block -> CREATE
 *   Replica/Replica+Finality.swift   finality and the opening of the next round -> settle, OPEN
 *   Parts/SigningGuard.swift         what a member may sign                    -> the guards of the votes
 *   Parts/ViewBook.swift             the gap rule isGapNullified               -> gap
 *   Ledger/Finality/MemberSet.swift  the quorum floor(2n/3) + 1                -> NEED
 *
 * Messages are not modelled one by one. A vote, once cast, may reach anybody at any time or never, and the
 * Byzantine members have cast every vote there is: so a certificate exists for whoever looks as soon as
 * QUORUM - BYZANTINE honest members have voted, and looking is a free choice. Every view may have a Byzantine
 * leader with two rival blocks; an honest leader does nothing that this one could not do. A block is made when
 * the first honest member votes for it. What is left out can only make the real protocol do less.
 *
 * The member list of round 2 follows from the block that closes round 1: four of five nodes, one Byzantine,
 * different for rival blocks. With the closing rule that block is final, so that one list follows when there is one
 * final block. Without it, NEED honest nodes that sit in round 2 on a block can finalise what follows the block.
 *
 * Parameters (spin -D): V views of round 1, L its heights, BYZANTINE members, and three mutations, each of which
 * must lead to a fork: OPEN_EARLY (no closing rule: the next round opens on a notarised block), NO_GAP (no gap
 * rule), BOTH (a member may both nullify and finalise a view).
 */
#ifndef V
#define V 3
#endif
#ifndef L
#define L 2
#endif
#ifndef BYZANTINE
#define BYZANTINE 1
#endif

#define QUORUM 3
#define NEED   (QUORUM - BYZANTINE)
#define N      (4 - BYZANTINE)      /* honest members of round 1: nodes 0 to N - 1 */
#define A      (N + 1)              /* honest nodes: one more waits for round 2 */

/* Round 1. Views count from 0 here; slot s of view v is proposal P(v, s) = 2v + s. */
#define P(v, s) (2 * (v) + (s))
byte view[A];
byte notar[N * V];                  /* 1 + slot voted for, 0 for none */
bit  nul[N * V];
byte fin[N * V];                    /* 1 + slot voted for, 0 for none */

/* A proposal's block: 1 + its first proposal's number, 0 for none; the same block again when it closes a round. */
byte block[2 * V];
byte parent[2 * V + 1];             /* by block; 0 is the root */
byte height[2 * V + 1];

#ifdef OPEN_EARLY
byte root[A];                       /* the block that round 2 stands on, by node; 0 while round 1 is open */
#define inRound1(i) (root[i] == 0)
#else
/* A node opens round 2 on a final block only, and the assertion below says that there is but one. */
#define inRound1(i) true
#endif

byte final[L + 1];                  /* by height: the block */


#define isNotarized(v, s) (((notar[v] == (s) + 1) + (notar[V + v] == (s) + 1) + THIRD(notar[2 * V + v] == (s) + 1)) >= NEED)
#define isNullified(v)    ((nul[v] + nul[V + v] + THIRD(nul[2 * V + v])) >= NEED)
#define isFinal(v, s)     (((fin[v] == (s) + 1) + (fin[V + v] == (s) + 1) + THIRD(fin[2 * V + v] == (s) + 1)) >= NEED)
#if N == 3
#define THIRD(x) (x)
#else
#define THIRD(x) 0
#endif

/* Whether node i sits in round 2 after root r: rival roots leave out different nodes. */
#define sits(i, r) ((i) != ((r) % A))
#define stands(i, r) (root[i] == r && sits(i, r))

/* The gap rule: every view from u to v - 1 is nullified. A parent of view u - 1 was made below u; the root has u = 0. */
#ifdef NO_GAP
#define gap(u, v) true
#else
#define bridged(w, u, v) ((w) < (u) || (w) >= (v) || isNullified(w))
#if V == 2
#define gap(u, v) bridged(0, u, v)
#elif V == 3
#define gap(u, v) (bridged(0, u, v) && bridged(1, u, v))
#else
#define gap(u, v) (bridged(0, u, v) && bridged(1, u, v) && bridged(2, u, v))
#endif
#endif

byte b;                             /* scratch, zero between steps */

/* A block became final with all its ancestors. */
inline settle(first) {
    b = first;
    do
    :: b == 0 -> break
    :: else ->
        assert(final[height[b]] == 0 || final[height[b]] == b);
        final[height[b]] = b;
        b = parent[b]
    od
}

/* Nodes are alike until they act: they act for the first time in the order of their numbers. */
#define hasActed(i) (notar[(i) * V] != 0 || nul[(i) * V] != 0 || view[i] != 0)
#ifdef OPEN_EARLY
#define isTurn(i) true
#else
#define isTurn(i) ((i) == 0 || hasActed((i) - 1 + ((i) == 0)))
#endif
/*
 * view[i] is the lowest view in which a member may still vote. It skips views only when it votes in a later one:
 * to wait with the step changes no vote that could be cast.
 */
#define isEntered(v) ((v) == 0 || isNotarized((v) - ((v) != 0), 0) || isNotarized((v) - ((v) != 0), 1) \
    || isNullified((v) - ((v) != 0)))
#define speaks(i, v) (inRound1(i) && isTurn(i) && view[i] <= (v) && isEntered(v))
#define mayNotarize(i, v) (notar[(i) * V + (v)] == 0 && speaks(i, v))
/* The second slot is used after the first: their order means nothing. */
#define isFree(v, s) (block[P(v, s)] == 0 && ((s) == 0 || block[P(v, 0)] != 0))
/* One block is not proposed twice in a view. */
#define isOther(v, s, p) ((s) == 0 || height[p] < L || block[P(v, 0)] != (p))

/* Votes for a proposal that is there. */
#define NOTARIZE(i, v, s) \
    :: d_step { block[P(v, s)] != 0 && mayNotarize(i, v) -> view[i] = v; notar[(i) * V + (v)] = (s) + 1 }

/* Votes for a new proposal on parent p, the root or a block of view u - 1: its child, or itself once it closes. */
#define FILL(i, v, s, p) \
        b = p; \
        if \
        :: height[b] == L -> block[P(v, s)] = b \
        :: else -> \
            block[P(v, s)] = P(v, s) + 1; \
            parent[P(v, s) + 1] = b; \
            height[P(v, s) + 1] = height[b] + 1 \
        fi; \
        view[i] = v; \
        notar[(i) * V + (v)] = (s) + 1; \
        b = 0
#define CREATE(i, v, s) \
    :: d_step { isFree(v, s) && mayNotarize(i, v) && gap(0, v) -> FILL(i, v, s, 0) }
#define CREATE_ON(i, v, s, u, t) \
    :: d_step { \
        isFree(v, s) && isNotarized((u) - 1, t) && mayNotarize(i, v) && gap(u, v) \
            && isOther(v, s, block[P((u) - 1, t)]) -> FILL(i, v, s, block[P((u) - 1, t)]) }

/* Gives a view up; in the last one that would only forbid. */
#define TIMEOUT(i, v) \
    :: d_step { (v) < V - 1 && nul[(i) * V + (v)] == 0 && speaks(i, v) -> view[i] = v; nul[(i) * V + (v)] = 1 }

/* Sees a notarised block and finalises it, unless it gave the view up. */
#ifdef BOTH
#define mayFinalize(i, v) true
#else
#define mayFinalize(i, v) (nul[(i) * V + (v)] == 0)
#endif
#define FINALIZE(i, v, s) \
    :: d_step { \
        mayFinalize(i, v) && inRound1(i) && isTurn(i) && view[i] <= (v) && isNotarized(v, s) -> \
        view[i] = (v) + 1; \
        fin[(i) * V + (v)] = (s) + 1; \
        if \
        :: isFinal(v, s) -> settle(block[P(v, s)]) \
        :: else \
        fi }

/* Without the closing rule: opens round 2 on a notarised last block. NEED honest members there finalise a child. */
#if A == 4
#define FOURTH(x) (x)
#else
#define FOURTH(x) 0
#endif
#define OPEN(i, v, s) \
    :: d_step { \
        root[i] == 0 && isNotarized(v, s) && height[block[P(v, s)]] == L -> \
        root[i] = block[P(v, s)]; \
        if \
        :: (stands(0, root[i]) + stands(1, root[i]) + stands(2, root[i]) + FOURTH(stands(3, root[i]))) >= NEED -> \
            settle(root[i]) \
        :: else \
        fi }

#define VIEW(i, v) \
    NOTARIZE(i, v, 0) NOTARIZE(i, v, 1) CREATE(i, v, 0) CREATE(i, v, 1) TIMEOUT(i, v) \
    FINALIZE(i, v, 0) FINALIZE(i, v, 1)
#define ON(i, v, u) CREATE_ON(i, v, 0, u, 0) CREATE_ON(i, v, 0, u, 1) CREATE_ON(i, v, 1, u, 0) CREATE_ON(i, v, 1, u, 1)
#if V == 2
#define MEMBER(i) VIEW(i, 0) VIEW(i, 1) ON(i, 1, 1)
#elif V == 3
#define MEMBER(i) VIEW(i, 0) VIEW(i, 1) VIEW(i, 2) ON(i, 1, 1) ON(i, 2, 1) ON(i, 2, 2)
#else
#define MEMBER(i) \
    VIEW(i, 0) VIEW(i, 1) VIEW(i, 2) VIEW(i, 3) \
    ON(i, 1, 1) ON(i, 2, 1) ON(i, 2, 2) ON(i, 3, 1) ON(i, 3, 2) ON(i, 3, 3)
#endif
#define OPENS(i) OPEN(i, 0, 0) OPEN(i, 0, 1) OPEN(i, 1, 0) OPEN(i, 1, 1)

init {
    do
    MEMBER(0)
    MEMBER(1)
#if N == 3
    MEMBER(2)
#endif
#ifdef OPEN_EARLY
    OPENS(0) OPENS(1) OPENS(2)
#if A == 4
    OPENS(3)
#endif
#endif
    od
}
