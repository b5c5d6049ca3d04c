export default {
  name: 'Pool',
  key: 'id',
  // `after` is the ticket for the draw: 0 until the pool is closed. `round` is the main chain's round that decided it.
  fields: { id: 'uint', owner: 'address', price: 'amount', pot: 'amount', entries: 'uint', after: 'uint', round: 'uint', winner: 'address?' },
}
