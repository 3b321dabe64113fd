# Sales by region and the best customer. Works on Maria's laptop: bash report.sh orders.csv
cd /home/maria/projects/report
source settings.env
CURRENCY=$(cat ~/.config/report/currency)

echo "$REPORT_TITLE ($CURRENCY)"

rg -v '^#' "$1" | gawk -F';' 'NR > 1 { total[$2] += $4 * $5 }
  END {
    n = asorti(total, region)
    for (i = 1; i <= n; i++) printf "%-8s %10.2f\n", region[i], total[region[i]]
  }'

python3 - "$1" <<'PYTHON'
import sys
import pandas

orders = pandas.read_csv(sys.argv[1], sep=";", comment="#")
orders["value"] = orders.quantity * orders.price
best = orders.groupby("customer").value.sum()
print(f"Best customer: {best.idxmax()} ({best.max():.2f})")
PYTHON
