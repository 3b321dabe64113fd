#!/bin/bash
# The lab image's root file system from the distribution's packages: bash rootfs.sh OUT.tar
# Needs root and mmdebstrap. Packages come from the mirror that this host's own apt uses.
set -euo pipefail
out=$(realpath -m "$1")
cd "$(dirname "$0")"
. /etc/os-release

# "URI suite" of every binary source of this host, from both formats of apt's sources.
sources() {
  shopt -s nullglob
  local list=(/etc/apt/sources.list /etc/apt/sources.list.d/*.list) deb822=(/etc/apt/sources.list.d/*.sources)
  [ ! -e /etc/apt/sources.list ] && list=("${list[@]:1}")
  if [ ${#list[@]} -gt 0 ]; then
    sed -nE 's/#.*//; s/^[[:space:]]*deb[[:space:]]+(\[[^]]*\][[:space:]]+)?([^[:space:]]+)[[:space:]]+([^[:space:]]+).*/\2 \3/p' "${list[@]}"
  fi
  if [ ${#deb822[@]} -gt 0 ]; then
    awk 'function flush(  i, j, u, s) {
           if (types ~ /(^| )deb( |$)/ && enabled !~ /no/) {
             split(uris, u, " "); split(suites, s, " "); for (i in u) for (j in s) print u[i], s[j]
           }
           types = uris = suites = enabled = ""
         }
         FNR == 1 || /^[[:space:]]*$/ { flush() }
         /^#/ { next }
         tolower($1) == "types:" { $1 = ""; types = $0 }
         tolower($1) == "uris:" { $1 = ""; uris = $0 }
         tolower($1) == "suites:" { $1 = ""; suites = $0 }
         tolower($1) == "enabled:" { enabled = $2 }
         END { flush() }' "${deb822[@]}"
  fi
}

main=$(sources | awk -v s="$VERSION_CODENAME" '$2 == s { print $1; exit }')
security=$(sources | awk -v s="$VERSION_CODENAME-security" '$2 == s { print $1; exit }')
if [ -z "$main" ]; then
  echo "apt on this host names no mirror for $VERSION_CODENAME" >&2
  exit 1
fi

# Debian 13 wherever this host's keyring knows it; a derivative, or an older keyring, gives its own release.
suite=$VERSION_CODENAME
components=main
if [ "$ID" = debian ] && compgen -G '/usr/share/keyrings/debian-archive-trixie-*' > /dev/null; then suite=trixie; fi
if [ "$ID" = ubuntu ]; then components='main universe'; fi
lines=("deb $main $suite $components")
if [ -n "$security" ]; then lines+=("deb $security $suite-security $components"); fi

options=()
eval "$(apt-config shell proxy Acquire::http::Proxy)"
if [ -n "${proxy:-}" ]; then options+=(--aptopt="Acquire::http::Proxy \"$proxy\""); fi
for unwanted in man locale info i18n lintian bash-completion zsh fish; do
  options+=(--dpkgopt="path-exclude=/usr/share/$unwanted/*")
done

mmdebstrap --variant=essential "${options[@]}" \
  --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
  --aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Languages "none"' \
  --include="usr-is-merged,$(grep -v '^#' packages | paste -sd,)" \
  --customize-hook='sh shape.sh "$1"' \
  "$suite" "$out" "${lines[@]}"
