'use strict';
// What a contract sees: the exports of etm:dapp and the ctx of a call.

const $contractParse = JSON.parse, $contractStringify = JSON.stringify;

let $sender, $self = '', $height = 0, $assets = [], $defaultAsset = 0;

const $assetOf = symbol => {
  if (symbol === undefined) return $defaultAsset;
  const index = $assets.indexOf(symbol);
  if (index < 0) throw $fault($status.failed, 'Asset', `There is no asset ${$slice.call(`${symbol}`, 0, 32)}; there are ${$assets.join(', ')}.`);
  return index;
};
const $addressOf = (value, what) => {
  $charge(20);
  if ($kinds.address.check(value) === undefined) throw $fault($status.failed, 'Address', `${what} is not an address.`);
  return value;
};

const $pay = options => {
  if ($isReadOnly) throw $fault($status.failed, 'ReadOnly', 'A query cannot pay.');
  $charge($price.pay);
  if (!$isObject(options)) throw $fault($status.failed, 'Payment', 'ctx.pay takes { from, to, amount, asset }.');
  const { from, to, amount, asset } = options;
  if (from !== $sender && from !== $self) throw $fault($status.rejected, 'NotYours', 'ctx.pay spends from ctx.sender or ctx.self only.');
  const units = $kinds.amount.check(amount);
  if (units === undefined || units >= $small) throw $fault($status.failed, 'Payment', 'amount must be a whole number of base units below 2^64.');
  const index = $assetOf(asset);
  const message = $host.pay(from, $addressOf(to, 'to'), `${units}`, index);
  if (message !== undefined) throw $fault($status.rejected, 'InsufficientBalance', message);
};

const $emit = (name, data) => {
  if ($isReadOnly) throw $fault($status.failed, 'ReadOnly', 'A query cannot emit.');
  if (typeof name !== 'string' || name.length > 64 || name.length === 0) throw $fault($status.failed, 'Event', 'The name of an event is text of 1 to 64 characters.');
  const text = $toJSON(data === undefined ? null : data) ?? 'null';
  $charge($price.emit + text.length);
  if (!$host.emit(name, text)) $stop('EventLimit', 'A call emits at most 64 events of at most 8,192 bytes.');
};

/// One object for all calls: it holds nothing, so nothing can be kept in it.
const $context = $freeze({
  get sender() { return $sender; },
  get height() { return $height; },
  get time() { return $host.time(); },
  get self() { return $self; },
  get transaction() { $charge(40); return $host.transaction(); },
  pay(options) { $pay(options); },
  balance(address, asset) {
    $charge($price.balance);
    return $BigInt($host.balance($addressOf(address, 'address'), $assetOf(asset)));
  },
  emit(name, data) { $emit(name, data); },
  log(text) {
    const line = typeof text === 'string' ? text : $toJSON(text) ?? 'undefined';
    $charge($price.log + line.length);
    $host.log($slice.call(line, 0, 512));
  },
});

/// Fills {name} in a text with the values of an object.
const $fill = (text, values) => {
  let result = '', from = 0;
  for (;;) {
    const open = text.indexOf('{', from), close = open < 0 ? -1 : text.indexOf('}', open);
    if (close < 0) return $v(result + $slice.call(text, from));
    const name = $slice.call(text, open + 1, close);
    const value = $isObject(values) && $hasOwn(values, name) ? values[name] : undefined;
    const put = typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean' ? `${value}` : `{${name}}`;
    result = $v(result + $slice.call(text, from, open) + put);
    from = close + 1;
  }
};

const $library = $freeze({
  __proto__: null,
  contract(options, run) { return { kind: 'contract', options, run }; },
  query(options, run) { return { kind: 'query', options, run }; },
  model(name) {
    const model = $mapGet.call($models, name);
    if (model === undefined) throw $fault($status.failed, 'Declaration', `There is no model ${$slice.call(`${name}`, 0, 64)}.`);
    return model.handle ?? (model.handle = $makeHandle(model));
  },
  random: $random,
  reject(text, values) {
    const message = typeof text === 'string' ? text : `${$toJSON(text)}`;
    throw $fault($status.rejected, 'Rejected', $slice.call(values === undefined ? message : $fill(message, values), 0, 512));
  },
});
