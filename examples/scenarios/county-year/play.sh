# Played by tests/cli/test_scenarios.py; by hand: line by line in a copy of this folder, with DUBAN_HOME naming an empty one.
# A ministry's one-year plan of 2004: phases and days inside the year, a list due on 10 August, a plan amended in June, a unit renamed, an extension that is refused.
duban init --on 2004-04-19
duban account add zhang --role plan_office --as admin --on 2004-04-19
duban account add li --role supervisor --as admin --on 2004-04-19
# ## From the document to tasks
duban plan draft plan.txt -o draft.json
duban plan check draft.json   # exit: 3
duban plan issue draft.json --as zhang --on 2004-04-21   # refused: lead-not-marked
duban plan issue draft.json --as zhang --on 2004-04-21 --waive lead-not-marked=计划司确认首列司局牵头
duban plan issue draft.json --as zhang --on 2004-04-22   # refused: already-issued
duban account add office --role unit --unit 科技部办公厅 --as admin --on 2004-04-21
duban account add planning --role unit --unit 科技部发展计划司 --as admin --on 2004-04-21
duban account add network --role unit --unit 科技部农村司 --as admin --on 2004-04-21
duban task list --plan 1 --on 2004-04-22
# ## Taking up the work
duban task report 1 --text 已起草 --as office --on 2004-04-23   # refused: not-now
duban task acknowledge 1 --as office --on 2004-04-23
duban task acknowledge 2 --as office --on 2004-04-23
duban task acknowledge 3 --as planning --on 2004-04-23
duban task acknowledge 7 --as network --on 2004-04-26
duban task acknowledge 3 --as office --on 2004-04-26   # refused: not-your-task
# A task without figures is measured by what the office plans for it.
duban milestone add 7 完成数据标准 --due 2004-06-30 --weight 30 --as zhang --on 2004-04-27
duban milestone add 7 上线试运行 --due 2004-10-31 --weight 50 --as zhang --on 2004-04-27
duban milestone add 7 正式开通 --due 2004-12-31 --weight 20 --as zhang --on 2004-04-27
duban milestone criterion 1 意见印发并寄到各省 --as zhang --on 2004-04-27
duban milestone done 7 数据标准 --reached 2004-06-28 --as network --on 2004-06-28
duban milestone list 7 --on 2004-06-28
# ## The plan is amended: the conference moves to November, the praise to 120, the network changes hands, one item is new
duban plan draft plan-amended.txt -o amended.json
duban plan amend 1 amended.json --as zhang --on 2004-06-29   # refused: lead-not-marked
duban plan amend 1 amended.json --as zhang --on 2004-06-29 --reason 部长办公会纪要 --waive lead-not-marked=计划司确认首列司局牵头 --yes
duban task show 7 --history --on 2004-06-29
duban task list --plan 1 --on 2004-06-28
duban task list --plan 1 --on 2004-06-29
# ## More time is asked for, and refused; the task is handed in late
duban request file 1 extension --due 2004-07-31 --reason 部内会签未完 --progress 已送会签 --as office --on 2004-06-29
duban request refuse 1 --reason 9月会议要用，不能后延 --as office --on 2004-06-29   # refused: no-right
duban request refuse 1 --reason 会前须印发，不能后延 --as li --on 2004-06-30
duban request file 1 extension --due 2004-07-31 --reason 部内会签未完 --progress 已送会签 --as office --on 2004-07-02   # refused: due-day-passed
duban task report 1 --text 若干意见已印发 --evidence opinion.txt --as office --on 2004-07-02
duban task submit 1 --as office --on 2004-07-05
duban task complete 1 --as li --on 2004-07-07
duban task show 1 --history --on 2004-07-07
duban bulletin 2004Q2 --on 2004-07-08
duban bulletin publish 2004Q2 -o papers --as li --on 2004-07-08
# What is known of the quarter afterwards does not change it.
duban task report 3 --text 评选办法已发 --period 2004Q2 --as planning --on 2004-07-09   # refused: period-closed
duban task report 3 --text 评选办法已发 --period 2004Q2 --correction 出差漏报 --as planning --on 2004-07-09
duban bulletin 2004Q2 --on 2004-07-08
# ## A unit takes another name: it keeps its old one in what lies behind
duban unit rename 科技部发展计划司 科技部规划司 --from 2004-07-12 --as zhang --on 2004-07-12
duban task list --unit 计划司 --on 2004-07-11
duban task list --unit 规划司 --on 2004-07-12
# ## Reporting, in one act where nothing changed
duban task report 3 --value 先进=60 --text 已评出60个 --as planning --on 2004-09-28
duban task report 3 --no-change --period 2004Q4 --as planning --on 2004-12-08
duban task submit 3 --as planning --on 2004-12-09   # refused: target-not-met
duban task report 3 --value 先进=118 --text 表彰决定已印发 --evidence opinion.txt --as planning --on 2004-12-10
duban task submit 3 --as planning --on 2004-12-10
duban task return 3 --reason 名单缺西部两省 --limit 2004-12-20 --as li --on 2004-12-13
duban task report 3 --value 先进=121 --text 名单已补齐 --as planning --on 2004-12-17
duban task submit 3 --as planning --on 2004-12-17
duban task complete 3 --as li --on 2004-12-20
duban task close 3 --as zhang --on 2004-12-21
duban task reopen 3 --reason 有2个县被举报数据不实 --as li --on 2005-01-10
duban task show 3 --history --on 2005-01-10
# ## The ledger
duban ledger verify
duban ledger export ledger.jsonl
duban ledger rebuild --into again.db
# What is rebuilt holds every fact, and says that the printed papers have to come from a back-up.
duban ledger verify --database sqlite:///again.db   # refused: paper-without-ground
