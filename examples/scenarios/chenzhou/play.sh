# Played by tests/cli/test_scenarios.py; by hand: line by line in a copy of this folder, with DUBAN_HOME naming an empty one.
# A city bureau's three-year plan of 2012: units without accounts that answer in Excel, a figure asked of each county, two units merged, an extension granted, reminders, the burden on each unit.
duban init --on 2012-06-01
duban account add zhang --role plan_office --as admin --on 2012-06-01
duban account add li --role supervisor --as admin --on 2012-06-01
duban plan draft plan.txt -o draft.json
duban plan issue draft.json --as zhang --on 2012-06-20 --waive lead-not-marked:p6=综合计划科牵头
duban plan show 1 --on 2012-06-20
duban account add gxk --role unit --unit 市科技局高新科 --as admin --on 2012-06-20
duban account add dzj --role unit --unit 市地震局 --as admin --on 2012-06-20
duban unit contact 市科技局高新科 gxk@kjj.example --name 高新科 --as zhang --on 2012-06-20
duban unit contact 市地震局 bgs@dzj.example --duty office --as zhang --on 2012-06-20
duban remind --dry-run --as zhang --on 2012-06-28
# ## A form for each unit that owes something
duban form export --period 2012Q2 --unit 市科技局成果科 --unit 市财政局 -o forms --as zhang --on 2012-06-28
# fill forms/市财政局-2012Q2-第2号.xlsx 任务签收!F4=是 进展填报!J4=没有 进展填报!K4=预算已批
duban form import forms/市财政局-2012Q2-第2号.xlsx --dry-run --as zhang --on 2012-07-02   # exit: 3
duban form import forms/市财政局-2012Q2-第2号.xlsx --accept-good --as zhang --on 2012-07-02   # exit: 1
# fill forms/市科技局成果科-2012Q2-第1号.xlsx 任务签收!F4=是 进展填报!I4=3 进展填报!K4=三项成果已转化
duban form import forms/市科技局成果科-2012Q2-第1号.xlsx --dry-run --as zhang --on 2012-07-02
duban form import forms/市科技局成果科-2012Q2-第1号.xlsx --as zhang --on 2012-07-02
duban form import forms/市科技局成果科-2012Q2-第1号.xlsx --as zhang --on 2012-07-02
duban task show 7 --history --on 2012-07-02
duban burden 2012Q2 --on 2012-07-02
# ## Every county at least one, and fifty in all
duban task acknowledge 2 --as gxk --on 2012-07-03
duban task report 2 --value 市级技术创新平台=12 --value 技术创新平台@桂阳县=1 --value 技术创新平台@永兴县=2 --value 技术创新平台@安仁县=0 --text 首批认定 --as gxk --on 2012-09-27
duban task show 2 --on 2012-09-30
# ## More time, asked for before the day and granted
duban task acknowledge 9 --as dzj --on 2012-09-28
duban milestone add 9 主体封顶 --due 2013-03-31 --weight 60 --as zhang --on 2012-09-28
duban milestone add 9 设备联调 --due 2013-09-30 --weight 40 --as zhang --on 2012-09-28
duban task report 9 --text 主体施工过半 --as dzj --on 2012-12-26
duban milestone done 9 主体封顶 --reached 2013-04-26 --as dzj --on 2013-04-27
duban request file 9 extension --due 2014-01-31 --reason 汛期停工两月 --progress 主体已封顶 --as dzj --on 2013-10-10
duban request approve 1 --due 2013-12-31 --words 同意延期两个月 --as zhang --on 2013-10-14
duban task show 9 --on 2013-10-14
duban bulletin 2013Q4 --on 2013-10-14
duban request file 9 extension --due 2014-03-31 --reason 设备晚到 --as dzj --on 2013-12-20
duban request approve 2 --as zhang --on 2013-12-23
duban request file 9 extension --due 2014-06-30 --reason 还要联调 --as dzj --on 2014-03-20   # refused: too-many-extensions
duban request list --task 9 --on 2013-10-13
duban request list --task 9 --on 2014-03-20
# ## Two units become one
duban unit merge 市科技局成果科 市科技局社会发展科 --into 市科技局成果与社会发展科 --from 2014-04-01 --new --as zhang --on 2014-04-02
duban task list --unit 成果 --on 2014-04-01
duban task list --unit 成果 --on 2014-04-02
duban unit list
duban ledger verify
duban ledger rebuild --into again.db
duban ledger verify --database sqlite:///again.db
