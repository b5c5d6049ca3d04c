export default {
  name: 'Account',
  key: 'address',
  fields: { address: 'address', balance: 'amount' },
}
