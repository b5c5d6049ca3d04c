// `id` is "owner/spender".
export default {
  name: 'Allowance',
  key: 'id',
  fields: { id: 'string(80)', owner: 'address', spender: 'address', amount: 'amount' },
  index: ['owner'],
}
