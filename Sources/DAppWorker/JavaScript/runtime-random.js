'use strict';
// Draws: a ticket now, numbers once a later round of the main chain has ended (docs/randomness.md).
//
// The stream of a draw is the one of mathematics.md 0: block i is the tagged hash of the seed and i, each block has
// four words of 64 bits, the top bits of a word are a candidate, and candidates that are too large are dropped.

const $Bytes = Uint8Array, $drawPrice = $freeze({ commit: 600, ready: 300, draw: 600, block: 150, number: 60 });

const $wrongDraw = text => $fault($status.failed, 'Random', text);

/// The time that a ticket stands for.
const $ticketTime = ticket => {
  const after = $isObject(ticket) ? ticket.after : ticket;
  if (!$safeInteger(after) || after < 0) throw $wrongDraw('A ticket is what random.commit() gave: { after }.');
  return after;
};

/// A source of words; every block is paid for.
const $words = seed => {
  let block = '', used = 4, count = 0;
  return () => {
    if (used === 4) { $charge($drawPrice.block); block = $host.randomBlock(seed, count++); used = 0; }
    const at = 16 * used++;
    return $BigInt('0x' + $slice.call(block, at, at + 16));
  };
};

/// A uniform bigint from 0 to bound - 1; bound is from 1 to 2^64.
const $below = (words, bound) => {
  $charge($drawPrice.number);
  if (bound === 1n) return 0n;
  const bits = $BigInt($bigText.call(bound - 1n, 2).length);
  for (;;) {
    const candidate = words() >> (64n - bits);
    if (candidate < bound) return candidate;
  }
};

const $wholeNumber = (value, what) => {
  if (typeof value === 'bigint' && value > -$small && value < $small) return value;
  if ($safeInteger(value)) return $BigInt(value);
  throw $wrongDraw(`${what} must be a whole number.`);
};
const $span = (min, max) => {
  const low = $wholeNumber(min, 'min'), size = $wholeNumber(max, 'max') - low + 1n;
  if (size < 1n || size > $small) throw $wrongDraw('min must not be above max, and there may be at most 2^64 outcomes.');
  return { low, size, give: typeof min === 'bigint' || typeof max === 'bigint' ? value => value : Number };
};
const $drawn = (list, what) => {
  if (!$isArray(list)) throw $wrongDraw(`${what} takes a list.`);
  if (list.length > $limits.array) $tooMany();
  $charge(4 + list.length);
  return list;
};
const $howMany = (count, most) => {
  if (!$safeInteger(count) || count < 0 || $BigInt(count) > most || count > 10000) throw $wrongDraw('k must be a whole number, at most 10,000 and at most as many as there are.');
  return count;
};

/// The first k places of a shuffle of `size` places, in the order drawn.
const $places = (words, size, k) => {
  const moved = new $Map(), places = [];
  for (let place = 0n; place < k; place++) {
    const other = place + $below(words, size - place);
    const taken = $mapGet.call(moved, other) ?? other;
    $mapSet.call(moved, other, $mapGet.call(moved, place) ?? place);
    places[places.length] = taken;
  }
  return places;
};

const $makeDraw = (seed, round) => {
  const words = $words(seed);
  return $freeze({
    round,
    integer(min, max) {
      const { low, size, give } = $span(min, max);
      return give(low + $below(words, size));
    },
    bytes(count) {
      if (!$safeInteger(count) || count < 0 || count > 1024) throw $wrongDraw('bytes takes a number from 0 to 1,024.');
      const bytes = new $Bytes(count);
      $charge(count);
      for (let i = 0; i < count; i += 8) {
        let word = words();
        for (let j = 7; j >= 0; j--) { if (i + j < count) bytes[i + j] = Number(word & 255n); word >>= 8n; }
      }
      return bytes;
    },
    pick(list) {
      if ($drawn(list, 'pick').length === 0) throw $wrongDraw('pick takes a list with something in it.');
      return list[Number($below(words, $BigInt(list.length)))];
    },
    shuffle(list) {
      const size = $BigInt($drawn(list, 'shuffle').length), result = [];
      if (list.length > 10000) throw $wrongDraw('shuffle takes a list of at most 10,000.');
      const places = $places(words, size, size);
      for (let i = 0; i < places.length; i++) result[i] = list[Number(places[i])];
      return result;
    },
    sample(from, k) {
      const result = [];
      if ($isArray(from)) {
        const size = $BigInt($drawn(from, 'sample').length), places = $places(words, size, $BigInt($howMany(k, size)));
        for (let i = 0; i < places.length; i++) result[i] = from[Number(places[i])];
        return result;
      }
      if (!$isObject(from)) throw $wrongDraw('sample takes a list or { min, max }.');
      const { low, size, give } = $span(from.min, from.max), places = $places(words, size, $BigInt($howMany(k, size)));
      for (let i = 0; i < places.length; i++) result[i] = give(low + places[i]);
      return result;
    },
  });
};

const $random = $freeze({
  commit() {
    if ($isReadOnly) throw $fault($status.failed, 'ReadOnly', 'A query cannot commit to a draw.');
    $touch($drawPrice.commit);
    return { after: $host.commit() };
  },
  ready(ticket) {
    $touch($drawPrice.ready);
    const state = $host.ticket($ticketTime(ticket));
    return state !== undefined && state !== 'open';
  },
  draw(ticket, label) {
    const after = $ticketTime(ticket);
    if (typeof label !== 'string' || label.length === 0 || label.length > 128) throw $wrongDraw('The label of a draw is text of 1 to 128 characters.');
    $touch($drawPrice.draw + label.length);
    const state = $host.ticket(after);
    if (state === undefined) throw $fault($status.rejected, 'NoTicket', `Nobody committed to a draw after ${after}.`);
    if (state === 'open') throw $fault($status.rejected, 'NotReady', 'The round that decides this draw has not ended: try again later.');
    return $makeDraw($host.seed(after, label), +state);
  },
});
