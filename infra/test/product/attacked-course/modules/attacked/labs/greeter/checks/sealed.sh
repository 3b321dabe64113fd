test "$(head -c 100 work/word 2>/dev/null)" = "$(cat /checks/word)" || { echo 'work/word is not the word.'; exit 1; }
