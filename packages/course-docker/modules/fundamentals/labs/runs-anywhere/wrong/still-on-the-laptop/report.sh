# Sales by region and the best customer: bash report.sh FILE, or - for standard input.
# Needs bash, GNU tools and any awk. Settings: CURRENCY (EUR).
set -euo pipefail

here=/home/maria/projects/report
source "$here/settings.env"
currency=${CURRENCY:-EUR}
file=${1:-}

if [ "$file" != - ] && ! [ -r "$file" ]; then
  echo "report: cannot read '$file'" >&2
  exit 2
fi
orders=$(cat -- "$file" | awk '!/^#/ && ++line > 1')

# Sums quantity times price by the column $1, as "NAME;TOTAL" lines.
sums_by_column() {
  awk -F';' -v column="$1" '{ total[$column] += $4 * $5 } END { for (name in total) printf "%s;%.2f\n", name, total[name] }' <<<"$orders"
}

echo "$REPORT_TITLE ($currency)"
sums_by_column 2 | LC_ALL=C sort -t';' -k1,1 | awk -F';' '{ printf "%-8s %10.2f\n", $1, $2 }'
sums_by_column 3 | LC_ALL=C sort -t';' -k2,2nr | awk -F';' 'NR == 1 { printf "Best customer: %s (%s)\n", $1, $2 }'
