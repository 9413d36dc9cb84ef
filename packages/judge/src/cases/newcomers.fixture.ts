import { adds, bobForges, bobForgesDirect, type HostileCase, inGroup } from "./case.fixture.ts"
import { barge } from "./forge.fixture.ts"
import { add, device, id, keyPackage, person, remove } from "./world.fixture.ts"

export const newcomers: readonly HostileCase[] = [
  {
    name: "a ghost device: another's ids and identity key, the certificate signed by the forger",
    expect: "bad_certificate",
    make: bobForges(async (w) =>
      adds(await device(w.group.people.alice, { signer: w.group.people.bob.uikPrivate })),
    ),
  },
  {
    name: "a ghost device: another's user id under a second identity key",
    expect: "identity_change",
    make: bobForges(async (w) => {
      const twin = await person("alice", w.group.people.alice.user)
      const own = [0, 1].map(remove)
      return { proposals: [...own, add(await keyPackage(await device(twin)))] }
    }),
  },
  {
    name: "a second identity key for a known user, beside the first",
    expect: "second_identity",
    make: bobForges(async (w) => adds(await device(await person("alice", w.group.people.alice.user)))),
  },
  {
    name: "a known user under another name",
    expect: "second_identity",
    make: bobForges(async (w) => adds(await device({ ...w.group.people.alice, username: "alicia" }))),
  },
  {
    name: "a device that is in the room already",
    expect: "second_device",
    make: bobForges(async (w) =>
      adds(await device(w.group.people.carol, { device: w.group.carol.device.device })),
    ),
  },
  {
    name: "a forged certificate: one bit of the signature",
    expect: "bad_certificate",
    make: bobForges(async () => {
      const eve = await device(await person("eve"))
      const certificate = eve.certificate.slice()
      certificate[certificate.length - 1] = (certificate.at(-1) ?? 0) ^ 1
      return adds({ ...eve, certificate })
    }),
  },
  {
    name: "a certificate over another signature key",
    expect: "bad_certificate",
    make: bobForges(async () => {
      const eve = await person("eve")
      const [real, stolen] = [await device(eve), await device(eve)]
      return adds({ ...real, certificate: stolen.certificate })
    }),
  },
  {
    name: "a certificate of another house",
    expect: "wrong_house",
    make: bobForges(async () => adds(await device(await person("eve"), { house: id() }))),
  },
  {
    name: "an account generation lower than that user's highest",
    expect: "stale_certificate",
    make: bobForges(async (w) => {
      const [newer, older] = [
        await device(w.group.people.carol, { n: 3 }),
        await device(w.group.people.carol, { n: 2 }),
      ]
      return { proposals: [add(await keyPackage(newer)), add(await keyPackage(older))], path: null }
    }),
  },
  {
    name: "a third person in a private room",
    expect: "not_in_room",
    make: bobForgesDirect(async () => adds(await device(await person("eve")))),
  },
  // --- external commits
  {
    name: "a stranger who joins by external commit",
    expect: "external_forbidden",
    make: inGroup(async (w) => ({
      commit: await barge(w.group.groupInfo, await device(await person("eve"))),
    })),
  },
  {
    name: "a stranger who joins and removes somebody",
    expect: "external_forbidden",
    make: inGroup(async (w) => {
      const eve = await device(await person("eve"))
      return { commit: await barge(w.group.groupInfo, eve, w.group.bob.device.signatureKey) }
    }),
  },
  {
    name: "a member's new device that joins and removes somebody else",
    expect: "external_forbidden",
    make: inGroup(async (w) => {
      const second = await device(w.group.people.bob)
      return { commit: await barge(w.group.groupInfo, second, w.group.admin.device.signatureKey) }
    }),
  },
  {
    name: "a member's new device that joins and removes that member's other device",
    expect: "external_forbidden",
    make: inGroup(async (w) => {
      const third = await device(w.group.people.alice)
      return { commit: await barge(w.group.groupInfo, third, w.group.owner.device.signatureKey) }
    }),
  },
  {
    name: "coming back under another identity key",
    expect: "identity_change",
    make: inGroup(async (w) => {
      const { bob } = w.group
      const twin = await device(await person("bob", bob.device.user), { device: bob.device.device })
      return { commit: await barge(w.group.groupInfo, twin, bob.device.signatureKey) }
    }),
  },
]
