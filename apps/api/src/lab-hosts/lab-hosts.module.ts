import { Module } from '@nestjs/common'
import { LabHosts } from './lab-hosts.js'
import { LabHostsController } from './lab-hosts.controller.js'
import { SelfTests } from './self-tests.js'

@Module({ controllers: [LabHostsController], providers: [LabHosts, SelfTests] })
export class LabHostsModule {}
