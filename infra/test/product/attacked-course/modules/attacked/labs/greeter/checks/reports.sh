head -c 100 work/report 2>/dev/null | grep -qx 'greeted Ada' || { echo 'work/report does not say whom it greeted.'; exit 1; }
