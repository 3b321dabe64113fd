import { Avatar, Menu, UnstyledButton, useMantineColorScheme, type MantineColorScheme } from '@mantine/core'
import type { Me } from '@cooperage/contracts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import {
  IconDeviceDesktop,
  IconLogout,
  IconMoon,
  IconServer,
  IconSun,
  IconUser,
  IconUserPlus,
  IconUsers,
} from '@tabler/icons-react'
import { call } from '../../api/index.js'
import classes from './shell.module.css'

const schemes: { value: MantineColorScheme; label: string; Icon: typeof IconSun }[] = [
  { value: 'light', label: 'Light', Icon: IconSun },
  { value: 'dark', label: 'Dark', Icon: IconMoon },
  { value: 'auto', label: 'As the system', Icon: IconDeviceDesktop },
]

export function UserMenu({ me }: { me: Me }) {
  const navigate = useNavigate()
  const queryClient = useQueryClient()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const signOut = useMutation({
    mutationFn: () => call('logout', {}),
    onSuccess: async () => {
      // First away, then forget: the page that is shown still reads the session.
      await navigate({ to: '/sign-in' })
      queryClient.clear()
    },
  })
  return (
    <Menu position="bottom-end" width={250}>
      <Menu.Target>
        <UnstyledButton className={classes.account}>
          <span className="visually-hidden">Account of {me.name}</span>
          <Avatar name={me.name} color="copper" radius="xl" size={34} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <span className={classes.twoLines}>
            {me.name}
            <small>{me.email}</small>
          </span>
        </Menu.Label>
        <Menu.Item
          leftSection={<IconUser size={16} aria-hidden />}
          onClick={() => void navigate({ to: '/profile' })}
        >
          Profile
        </Menu.Item>
        <Menu.Item
          leftSection={<IconUsers size={16} aria-hidden />}
          onClick={() => void navigate({ to: '/cohorts' })}
        >
          Cohorts
        </Menu.Item>
        {me.role === 'admin' && (
          <Menu.Item
            leftSection={<IconUserPlus size={16} aria-hidden />}
            onClick={() => void navigate({ to: '/people/new' })}
          >
            Create user
          </Menu.Item>
        )}
        {me.role === 'admin' && (
          <Menu.Item
            leftSection={<IconServer size={16} aria-hidden />}
            onClick={() => void navigate({ to: '/lab-hosts' })}
          >
            Lab hosts
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Label>Colours</Menu.Label>
        <Menu.RadioGroup
          value={colorScheme}
          onChange={(value) => setColorScheme(value as MantineColorScheme)}
        >
          {schemes.map(({ value, label, Icon }) => (
            <Menu.RadioItem key={value} value={value} rightSection={<Icon size={16} aria-hidden />}>
              {label}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLogout size={16} aria-hidden />}
          disabled={signOut.isPending}
          onClick={() => signOut.mutate()}
        >
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
