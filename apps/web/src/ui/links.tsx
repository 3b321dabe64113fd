/** Mantine's looks on the router's links, with their checked addresses. */
import { Anchor, Button, type AnchorProps, type ButtonProps } from '@mantine/core'
import { createLink } from '@tanstack/react-router'
import { forwardRef, type AnchorHTMLAttributes } from 'react'

type Native<Own> = Own & Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof Own>

const AnchorBase = forwardRef<HTMLAnchorElement, Native<AnchorProps>>((props, ref) => (
  <Anchor ref={ref} {...props} />
))
AnchorBase.displayName = 'AnchorBase'
export const LinkAnchor = createLink(AnchorBase)

const ButtonBase = forwardRef<HTMLAnchorElement, Native<ButtonProps>>((props, ref) => (
  <Button component="a" ref={ref} {...props} />
))
ButtonBase.displayName = 'ButtonBase'
export const LinkButton = createLink(ButtonBase)
