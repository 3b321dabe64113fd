import { changeRing } from './ring-file.js'
import { rotated, type Ring } from './keys.js'

/**
 * Makes a new active key and retires the one before; `due` may leave the ring as it is once its turn has come. Answers the name of
 * the key that is active afterwards. Throws KeyRingFault; a ring that is not there is not made.
 */
export async function rotateKeys(file: string, due: (ring: Ring) => boolean = () => true): Promise<string> {
  let kid = ''
  await changeRing(file, async (ring) => {
    const next = due(ring) ? await rotated(ring, new Date()) : null
    kid = (next ?? ring).active.kid
    return next
  })
  return kid
}
