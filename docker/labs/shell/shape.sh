#!/bin/sh
# Turns a fresh Debian root into the lab image: sh shape.sh ROOT. Both ways of making the image end here.
set -eu
root=$1
cd "$root"

# No home: programs that ask for it here, and not in HOME alone (curl), would read what a learner left in the workspace.
printf 'learner:x:1000:1000::/nonexistent:/bin/bash\n' >> etc/passwd
printf 'learner:x:1000:\n' >> etc/group
mkdir -p workspace checks exec usr/lib/cooperage
chown 1000:1000 workspace checks exec
chmod 0755 workspace checks exec

# The first process of every container. A program that its own user may run but not read is not dumpable, so
# that the learner's processes, of the same uid, can neither read nor write its memory or its descriptors.
cp usr/bin/bash usr/lib/cooperage/init
chmod 0711 usr/lib/cooperage/init

# Without a network the engine leaves /etc/hosts empty; libnss-myhostname answers for localhost instead.
sed -i 's/^hosts:.*/hosts: files myhostname/' etc/nsswitch.conf
printf 'lab\n' > etc/hostname

# Nothing here is ever installed, upgraded or logged, and nobody may become somebody else.
rm -rf usr/bin/apt* usr/lib/apt usr/share/apt etc/apt/sources.list* etc/apt/trusted* var/lib/apt \
  usr/bin/dpkg* usr/sbin/dpkg* usr/share/dpkg var/lib/dpkg \
  usr/bin/*perl* usr/lib/*-linux-gnu/perl* usr/share/perl* \
  usr/lib/*-linux-gnu/gconv usr/lib/*-linux-gnu/libapt-* usr/lib/systemd usr/lib/udev usr/lib/init \
  usr/share/man usr/share/locale usr/share/info usr/share/i18n usr/share/lintian usr/share/bash-completion \
  usr/share/bug usr/share/debconf usr/share/menu usr/share/pixmaps usr/share/python3/debpython \
  etc/cron* etc/init.d etc/systemd etc/logrotate.d etc/pam.d \
  usr/sbin/* var/cache/* var/log/* var/backups/*
find usr/share/doc -type f ! -name copyright -delete
find usr/share/doc -type l -delete
# What is left of Perl's users would only fail. Python's compiled modules stay: it starts in half the time.
grep -rlE --binary-files=without-match '^#!.*perl' usr/bin | xargs -r rm -f
find . -xdev -type f -perm /6000 -exec chmod ug-s {} +
# ldconfig's cache would name libraries that are gone; the loader finds the default folders by itself.
rm -f etc/ld.so.cache
