# Played by tests/cli/test_scenarios.py; by hand: line by line in a copy of this folder, with DUBAN_HOME naming an empty one.
# A city's programme of 2004 to 2007: phases of a few months, a baseline, a ladder by year, money by year and in sum, a planned curve, a task that pauses and one that changes hands.
duban init --on 2004-02-27
duban account add zhang --role plan_office --as admin --on 2004-02-27
duban account add li --role supervisor --as admin --on 2004-02-27
duban plan draft plan.txt -o draft.json
duban plan issue draft.json --as zhang --on 2004-03-01 --waive lead-not-marked=市政府督查室已与各单位商定
duban account add kjj --role unit --unit 市科技局 --as admin --on 2004-03-01
duban account add jwei --role unit --unit 市经委 --as admin --on 2004-03-01
duban account add czj --role unit --unit 市财政局 --as admin --on 2004-03-01
duban account add zscq --role unit --unit 市知识产权局 --as admin --on 2004-03-01
duban account add jsj --role unit --unit 市建设局 --as admin --on 2004-03-01
# The ladder 1.45 %, 1.50 %, 1.60 % has become a task for each year, and so have the yearly 3 million; the sum is due in the last.
duban plan show 1 --on 2004-03-01
duban task acknowledge 1 --as kjj --on 2004-03-02
duban task acknowledge 4 --as jwei --on 2004-03-02
duban task acknowledge 5 --as zscq --on 2004-03-02
duban task acknowledge 6 --as czj --on 2004-03-02
duban task acknowledge 9 --as czj --on 2004-03-02
duban task acknowledge 13 --as kjj --on 2004-03-02
# ## Indicators and planned pace
duban indicator link 6 比例 --observed-by 科技三项费用占比 --all-years --as zhang --on 2004-03-03   # refused: unknown-indicator
duban indicator set 科技三项费用占比 --value 1.31 --for 2003 --unit % --source 2003年决算 --as zhang --on 2004-03-03
duban indicator link 6 比例 --observed-by 科技三项费用占比 --all-years --as zhang --on 2004-03-03
duban milestone curve 5 --planned 2004=20 --planned 2005=55 --as zhang --on 2004-03-03
duban milestone list 5 --on 2004-12-31
# From 10 to 20 centres: 13 are three tenths of the way.
duban task report 4 --value 技术中心=13 --text 新增三家 --as jwei --on 2004-06-25
duban task show 4 --on 2004-06-30
duban task report 5 --value 专利=90 --text 申请量平稳 --as zscq --on 2004-06-25
duban task report 5 --value 专利=80 --text 核减十件 --period 2004Q3 --as zscq --on 2004-07-20   # refused: quantity-falls
duban task report 5 --value 专利=9000 --text 多打了一个零 --period 2004Q3 --as zscq --on 2004-07-20   # refused: quantity-unlikely
duban task show 5 --on 2004-07-20
# ## A phase is handed in, accepted, and the next begins
duban task report 1 --text 大会已开，政策已出 --evidence meeting.txt --as kjj --on 2004-06-25
duban task submit 1 --as kjj --on 2004-06-25
duban task complete 1 --as li --on 2004-07-20
duban task close 1 --as zhang --on 2004-07-21
duban task list --unit 科技局 --on 2004-07-21
# ## A task pauses
duban request file 13 suspension --days 90 --reason 规划用地待批 --progress 选址已定 --as kjj --on 2004-08-02
duban request approve 1 --days 60 --words 先停两个月 --as zhang --on 2004-08-05
duban task show 13 --on 2004-09-01
duban task report 13 --text 仍在等 --as kjj --on 2004-09-01   # refused: not-now
duban task resume 13 --basis 用地批复 --as zhang --on 2004-10-11
# ## and changes hands
duban request file 13 reassignment --to 市建设局 --reason 已转入土建 --progress 用地已批 --as kjj --on 2004-10-12
duban request approve 2 --keep-as-support --as zhang --on 2004-10-13
duban task report 13 --text 已开工 --as kjj --on 2004-10-14   # refused: not-your-task
duban task acknowledge 13 --as jsj --on 2004-10-14
duban task show 13 --history --on 2004-10-14
duban task list --unit 建设局 --on 2004-10-12
duban task list --unit 建设局 --on 2004-10-14
# ## A target is changed on request; the office suspends and cancels of its own
duban request file 4 target_change --target 技术中心=18 --reason 两家企业外迁 --as jwei --on 2004-10-18
duban request list --state filed --on 2004-10-18
duban request approve 3 --target 技术中心=19 --as li --on 2004-10-20
duban task show 4 --on 2004-10-19
duban task show 4 --on 2004-10-20
duban request file 9 cancellation --reason 预算已并入其他专项 --progress 已拨120万元 --as czj --on 2004-10-21
duban request withdraw 4 --as czj --on 2004-10-22
duban task suspend 2 --basis 市政府办公会纪要 --as zhang --on 2004-10-25
duban task cancel 2 --basis 市政府办公会纪要 --as zhang --on 2004-10-26
duban task resume 2 --basis 市政府办公会纪要 --as zhang --on 2004-10-27   # refused: not-now
# ## The year ends: the ladder's first step is judged by what was observed
duban indicator set 科技三项费用占比 --value 1.47 --for 2004 --unit % --source 2004年决算 --as zhang --on 2005-01-20
duban task show 6 --on 2005-01-20
duban task submit 6 --as czj --on 2005-01-20
duban task return 6 --reason 决算未经人大批准 --limit 2005-02-28 --as li --on 2005-01-24
duban task submit 6 --as czj --on 2005-02-21
duban task complete 6 --as li --on 2005-02-24
duban task show 6 --history --on 2005-02-24
duban indicator list --on 2005-02-24
# ## The rules change for the days to come, never for those gone by
duban rules adopt strict.json --from 2005-01-01 --as li --on 2005-02-25   # refused: rules-backwards
duban rules adopt strict.json --from 2005-03-01 --as li --on 2005-02-25
duban task list --plan 1 --light yellow --on 2005-02-28
duban task list --plan 1 --light yellow --on 2005-03-01
duban plan close 1 --as zhang --on 2005-03-02   # refused: tasks-open
duban plan close 1 --reason 并入新的五年规划 --as zhang --on 2005-03-02
duban ledger verify
