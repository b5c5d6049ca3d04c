// One row: who may mint, how much there is, and whether transfers are stopped.
export default {
  name: 'Token',
  key: 'id',
  fields: { id: 'uint', owner: 'address', name: 'string(32)', symbol: 'string(8)', decimals: 'uint', supply: 'amount', paused: 'bool' },
}
