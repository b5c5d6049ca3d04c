import { describe, it, assert, fixture, fuzz, invariant, accounts, chain } from 'etm:test'

const { alice, bob } = accounts
const registered = fixture(async () => {
  await chain.call('hello.register', { name: 'ann' }, { from: alice })
})

describe('hello', () => {
  it('gives a name to whoever comes first', async () => {
    const r = await chain.call('hello.register', { name: 'ann' }, { from: alice })
    assert.equal(r.events, [{ name: 'registered', data: { name: 'ann', owner: alice.address } }])
    assert.equal(await chain.state('Name'), [{ name: 'ann', owner: alice.address, height: 1 }])
    const greeting = await chain.query('greeting/ann')
    assert.equal(greeting.text, 'Hello, ann!')
  })

  it('keeps a name that is taken', async () => {
    await registered()
    await assert.rejects(chain.call('hello.register', { name: 'ann' }, { from: bob }), /belongs to .* since block 1/)
    assert.equal((await chain.query('summary')).names, 1)
  })

  it('lets only the owner give a name away', async () => {
    await registered()
    await assert.rejects(chain.call('hello.transfer', { name: 'ann', to: bob.address }, { from: bob }), { code: 'Rejected' })
    await chain.call('hello.transfer', { name: 'ann', to: bob.address }, { from: alice })
    assert.equal(await chain.state('Name', { owner: bob.address }), [{ name: 'ann', owner: bob.address, height: 1 }])
  })

  fuzz('a name without spaces around it can be registered', { name: fuzz.string(32), from: 'address' }, async ({ name, from }) => {
    fuzz.assume(name !== '' && name.trim() === name)
    await chain.call('hello.register', { name }, { from })
    const [row] = await chain.state('Name')
    assert.equal(row.owner, from)
  })

  invariant('the summary counts the rows', async () => {
    assert.equal((await chain.query('summary')).names, (await chain.state('Name')).length)
  })
})
