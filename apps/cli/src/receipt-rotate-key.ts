import { KeyRingFault, rotateKeys } from '@cooperage/receipts'
import { parseArgs } from 'node:util'
import { WrongUsage, type Command } from './command.js'

export const receiptRotateKey: Command = {
  name: 'receipt rotate-key',
  takes: '--keys-file <file>',
  does: 'replace the key that signs receipts; old receipts go on holding',
  async run(args) {
    const file = parseArgs({ args, options: { 'keys-file': { type: 'string' } } }).values['keys-file']
    if (file === undefined)
      throw new WrongUsage('--keys-file is missing: the file that RECEIPT_KEYS_FILE names')
    try {
      const kid = await rotateKeys(file)
      console.log(
        `Receipts are signed with the key ${kid} from now on. The one before is published for ever, and signs nothing any more.`,
      )
      return 0
    } catch (error) {
      if (!(error instanceof KeyRingFault)) throw error
      console.error(error.message)
      return 1
    }
  },
}
