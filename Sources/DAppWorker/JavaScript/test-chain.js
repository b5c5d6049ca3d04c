'use strict';
// The chain under test: every call is a request to the host, which runs it as a chain would.

const $request = request => {
  const reply = $parse($host.request($stringify(request, (key, item) => (typeof item === 'bigint' ? `${item}` : item))));
  if (reply.problem !== undefined) throw $failureOf('ChainError', reply.problem);
  return reply;
};

const $addressFrom = (value, what) => {
  if (value === undefined) return $known.accounts[0].address;
  const address = $isObject(value) ? value.address : value;
  if (typeof address !== 'string') throw $failureOf('ChainError', `${what} is ${$show(value)}, not an account or an address`);
  return address;
};

/// A call as the host wants it.
const $orderOf = (name, args, options) => {
  const dot = typeof name === 'string' ? name.indexOf('.') : -1;
  if (dot < 1) throw $failureOf('ChainError', `a call is 'contract.method', not ${$show(name)}`);
  return {
    contract: name.slice(0, dot), method: name.slice(dot + 1), from: $addressFrom(options?.from, 'from'), gas: options?.gas,
    args: $stringify(args ?? {}, (key, item) => (typeof item === 'bigint' ? `${item}` : item)),
  };
};

const $resultOf = raw => $freeze({
  ok: raw.error === undefined, status: raw.status, gas: raw.gas, height: raw.height, logs: $freeze(raw.logs),
  returned: raw.returned === undefined ? undefined : $parse(raw.returned),
  events: $freeze(raw.events.map(event => $freeze({ name: event.name, data: $parse(event.data) }))),
  error: raw.error === undefined ? undefined : $freeze(raw.error),
});

const $runBlock = orders => $request({ do: 'block', calls: orders }).results.map($resultOf);

/// The error of a call that did not succeed.
const $callError = (result, place) => {
  const { code, message, file, line, column } = result.error;
  const text = message === '' ? `${code} in ${file}:${line}:${column}` : message;
  const error = $failureOf('ContractError', text, { place, contract: line > 0 ? `${file}:${line}:${column}` : undefined });
  for (const [name, value] of $pairsOf({ code, status: result.status, file, line, column, gas: result.gas, result })) {
    Object.defineProperty(error, name, { value, enumerable: true });
  }
  return error;
};
const $pairsOf = Object.entries;

/// A row of a model with amounts as bigints.
const $rowOf = (fields, row) => {
  for (const { name, type } of fields) {
    const isBig = type.startsWith('amount') || type.startsWith('bigint');
    if (isBig && typeof row[name] === 'string') row[name] = $BigInt(row[name]);
  }
  return row;
};

const $naturalNumber = (value, what) => {
  if (typeof value !== 'number' || !$safeInteger(value) || value < 0) throw $failureOf('ChainError', `${what} is ${$show(value)}, not a whole number`);
  return value;
};
const $units = value => {
  const units = $kinds.amount.check(value);
  if (units === undefined) throw $failureOf('ChainError', `an amount is a whole number of base units such as 5n, not ${$show(value)}`);
  return units;
};

const $chainUnderTest = $freeze({
  /// Runs one call in a block of its own; throws when it does not succeed.
  call(name, args, options) {
    const place = $p;
    const work = async () => {
      const [result] = $runBlock([$orderOf(name, args, options)]);
      if (!result.ok) throw $callError(result, place);
      return result;
    };
    return $watched(work(), `the call of ${name}`);
  },
  /// As `call`, but gives the result whatever it is.
  async try(name, args, options) { return $runBlock([$orderOf(name, args, options)])[0]; },
  /// Runs several calls, each [name, args, options], in one block; gives all results.
  async block(calls) {
    if (!$isArray(calls)) throw $failureOf('ChainError', 'chain.block takes a list of [name, args, options]');
    return $runBlock(calls.map(call => $orderOf(...($isArray(call) ? call : [call.call, call.args, call]))));
  },
  /// Asks a read-only route; throws when it refuses.
  query(path, params) {
    const place = $p;
    const work = async () => {
      const reply = $request({ do: 'query', path: `${path}`, params: $stringify(params ?? {}, (key, item) => (typeof item === 'bigint' ? `${item}` : item)) });
      if (reply.error !== undefined) throw $callError({ error: reply.error, status: 'refused', gas: 0 }, place);
      return $parse(reply.answer);
    };
    return $watched(work(), `the query of ${path}`);
  },
  /// Rows of a model by key, those whose fields equal `where`.
  async state(model, where = {}) {
    const fields = $hasOwn($known.models, model) ? $known.models[model] : undefined;
    if (fields === undefined) throw $failureOf('ChainError', `there is no model ${$show(model)}; there are ${$keys($known.models).join(', ') || 'none'}`);
    for (const name of $keys(where)) if (!fields.some(field => field.name === name)) throw $failureOf('ChainError', `${model} has no field ${name}`);
    const rows = $request({ do: 'state', model }).rows.map(row => $rowOf(fields, $parse(row)));
    return rows.filter(row => $keys(where).every(name => $same(row[name], where[name])));
  },
  /// Base units that an account holds.
  async balance(account, asset) {
    return $BigInt($request({ do: 'balance', address: $addressFrom(account, 'the account'), asset }).units);
  },
  /// Gives an account more base units.
  async fund(account, amount, asset) {
    $request({ do: 'fund', address: $addressFrom(account, 'the account'), units: $units(amount), asset });
  },
  /// Makes an empty block this much later.
  async advance(milliseconds) { $request({ do: 'advance', milliseconds: $naturalNumber(milliseconds, 'a time') }); },
  /// Makes empty blocks.
  async mine(count = 1) { $request({ do: 'mine', count: $naturalNumber(count, 'a number of blocks') }); },
  /// Settles every open ticket for a draw; the text stands for what the time tower gives.
  async settle(text = '') { return $request({ do: 'settle', text: `${text}` }).settled; },
  async snapshot() { return $request({ do: 'snapshot' }).snapshot; },
  async revert(snapshot) { $request({ do: 'revert', snapshot: $naturalNumber(snapshot, 'a snapshot') }); },
  get height() { return $request({ do: 'clock' }).height; },
  get time() { return $request({ do: 'clock' }).time; },
  get address() { return $known.address; },
});
