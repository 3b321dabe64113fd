import { Module } from '@nestjs/common'
import { Receipts } from './receipts.js'
import { ReceiptsController } from './receipts.controller.js'
import { SigningKeys } from './signing-keys.js'

@Module({ controllers: [ReceiptsController], providers: [Receipts, SigningKeys] })
export class ReceiptsModule {}
