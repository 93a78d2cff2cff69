# Played by tests/cli/test_scenarios.py; by hand: line by line in a copy of this folder, with DUBAN_HOME naming an empty one.
# A ministry's five-year work of 2006 to 2010: growth by region, a range in percentage points, a figure that is only about, duties that come round every year and every two.
duban init --on 2007-02-01
duban account add zhang --role plan_office --as admin --on 2007-02-01
duban account add li --role supervisor --as admin --on 2007-02-01
duban plan draft plan.txt -o draft.json
duban plan issue draft.json --as zhang --on 2007-02-13 --waive lead-not-marked=部内已商定
duban account add planning --role unit --unit 科技部发展计划司 --as admin --on 2007-02-13
duban account add money --role unit --unit 科技部条件财务司 --as admin --on 2007-02-13
duban account add people --role unit --unit 科技部人事司 --as admin --on 2007-02-13
duban plan show 1 --on 2007-02-13
duban task acknowledge 1 --as planning --on 2007-02-14
duban task acknowledge 2 --as planning --on 2007-02-14
duban task acknowledge 3 --as money --on 2007-02-14
duban task acknowledge 4 --as people --on 2007-02-14
duban task acknowledge 6 --as people --on 2007-02-14
# ## Three regions, three figures: the worst one counts
duban task report 1 --value 东部=9 --value 中部=5 --value 西部=1 --text 2007年考核结果 --as planning --on 2007-12-26
duban task show 1 --on 2007-12-31
# ## A share of the budget that is to rise by 0.2 to 0.5 points
duban indicator set 县级财政科技支出占比 --value 1.02 --for 2005 --unit % --source 统计年鉴 --as zhang --on 2008-01-15
duban indicator set 县级财政科技支出占比 --value 1.13 --for 2007 --unit % --source 统计年鉴 --as zhang --on 2008-01-15
duban indicator link 3 比例 --observed-by 县级财政科技支出占比 --as zhang --on 2008-01-15
duban task show 3 --on 2008-01-15
duban indicator set 县级财政科技支出占比 --value 1.60 --for 2009 --unit % --source 统计年鉴 --as zhang --on 2010-03-10
duban task show 3 --on 2010-03-10
# ## A duty of every year; the office reassigns one and cancels another of its own
duban task report 6 --value 领导干部=1 --text 五月办班一期 --problem 西部名额不足 --next 明年增加一期 --evidence class.txt --as people --on 2010-03-11
duban task review 6 --period 2010Q1 --return 缺学员名册 --as li --on 2010-03-12
duban task report 6 --value 领导干部=1 --text 名册已补 --evidence class.txt --as people --on 2010-03-15
duban task review 6 --period 2010Q1 --accept --as li --on 2010-03-16
duban task submit 6 --as people --on 2010-03-17
duban task complete 6 --as people --on 2010-03-18   # refused: no-right
duban task complete 6 --as li --on 2010-03-18
duban task reassign 13 --to 科技部人事司 --basis 部长办公会纪要 --keep-as-support --as zhang --on 2010-03-19
duban task cancel 12 --basis 考核办法修订，2010年不再开展 --as zhang --on 2010-03-19
duban task acknowledge 13 --as people --on 2010-03-22
duban task show 13 --history --on 2010-03-22
# ## The last year
duban task submit 3 --as money --on 2010-12-20   # refused: target-not-met
duban task submit 3 --reason 超出区间上限，系中央专项增加 --as money --on 2010-12-20
duban task report 2 --value 示范县=186 --text 五批合计 --as planning --on 2010-12-20
duban task submit 2 --as planning --on 2010-12-20
duban task complete 2 --as li --on 2010-12-22
duban task report 1 --value 东部=21 --value 中部=16 --value 西部=11 --text 2009年考核结果 --as planning --on 2010-12-23
duban task submit 1 --as planning --on 2010-12-23
duban task return 1 --reason 西部数据与统计公报不符 --as li --on 2010-12-24
duban task list --plan 1 --on 2007-12-31
duban task list --plan 1 --on 2010-12-24
duban bulletin 2010Q4 --on 2011-01-12
duban ledger verify
