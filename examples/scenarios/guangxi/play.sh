# Played by tests/cli/test_scenarios.py; by hand: line by line in a copy of this folder, with DUBAN_HOME naming an empty one.
# A province's notice of 2012 with a table of seven actions by three years: a quota filled with names, a task handed down to city and county, a supporting unit's part, an indicator that must outgrow another, two bulletins. The eligible lists are cut down to eleven counties of four prefectures.
duban init --on 2012-10-30
duban account add zhang --role plan_office --as admin --on 2012-10-30
duban account add li --role supervisor --as admin --on 2012-10-30
duban plan draft ../../guangxi-2012-269.txt -o draft.json
duban plan issue draft.json --as zhang --on 2012-11-30 --waive lead-not-marked=已与各单位确认首列单位牵头
duban unit import units.csv --dry-run --as zhang --on 2012-12-03
duban unit import units.csv --as zhang --on 2012-12-03
duban account add kjt --role unit --unit 自治区科技厅 --as admin --on 2012-12-03
duban account add czt --role unit --unit 自治区财政厅 --as admin --on 2012-12-03
duban account add fgw --role unit --unit 自治区发展改革委 --as admin --on 2012-12-03
duban account add nanning --role unit --unit 南宁市科技局 --as admin --on 2012-12-03
duban account add liuzhou --role unit --unit 柳州市科技局 --as admin --on 2012-12-03
duban account add wuming --role unit --unit 武鸣县科技局 --as admin --on 2012-12-03
duban account add heng --role unit --unit 横县科技局 --as admin --on 2012-12-03
duban task list --unit 科技厅 --year 2013 --on 2013-01-07
duban task acknowledge 4 --as kjt --on 2013-01-07
duban task acknowledge 7 --as czt --on 2013-01-07
duban task acknowledge 9 --as kjt --on 2013-01-07
duban task acknowledge 15 --as kjt --on 2013-01-07
# ## Ten counties a year, named later
duban roster eligible import 2011年考核先进县 passed-2011.csv --basis 2011年表彰通报 --as zhang --on 2013-01-08
duban roster eligible import 2013年考核先进县 passed-2013.csv --as zhang --on 2013-01-08
duban roster eligible import 四市各县 counties.csv --as zhang --on 2013-01-08
duban roster quota 15 --measure 示范县 --eligible 2011 --eligible 2013 --per-region 1 --of 四市 --coverage 90 --all-years --as zhang --on 2013-01-08
duban task report 15 --value 示范县=10 --as kjt --on 2013-01-09   # refused: roster-counts
duban roster add 15 永福县 --as kjt --on 2013-01-09   # refused: not-eligible
duban roster add 15 --file nominated.csv --dry-run --as kjt --on 2013-01-09
duban roster add 15 --file nominated.csv --as kjt --on 2013-01-09
duban roster confirm 15 武鸣县 --evidence approval.txt --as li --on 2013-01-10   # refused: roster-not-now
duban roster select 15 --file nominated.csv --as kjt --on 2013-03-20
duban roster confirm 15 武鸣县 横县 宾阳县 柳江县 鹿寨县 柳城县 阳朔县 灵川县 荔浦县 --evidence approval.txt --as li --on 2013-03-28
duban roster list 15 --on 2013-03-28
# The only county of Wuzhou withdraws: a place is free and a prefecture has none. Another takes the place.
duban roster withdraw 15 岑溪市 --reason 自愿退出 --as kjt --on 2013-04-02
duban roster add 15 藤县 --replaces 岑溪市 --as kjt --on 2013-04-03
duban roster select 15 藤县 --as kjt --on 2013-04-03
duban roster confirm 15 藤县 --evidence approval.txt --as li --on 2013-04-12
duban roster list 15 --on 2013-03-31
duban roster list 15 --on 2013-04-12
duban task acknowledge 16 --as kjt --on 2013-04-12
duban roster add 16 藤县 --as kjt --on 2013-04-12   # refused: already-counted
# ## From the province to the city to the county
duban task decompose 9 --to 南宁市科技局=市、县:20 --as kjt --on 2013-04-15   # refused: shares-short
duban task decompose 9 --to 南宁市科技局=市、县:20 --to 柳州市科技局=市、县:13 --due 2013-11-30 --dry-run --as kjt --on 2013-04-15
duban task decompose 9 --to 南宁市科技局=市、县:20 --to 柳州市科技局=市、县:13 --due 2013-11-30 --as kjt --on 2013-04-15
duban task acknowledge 30 --as nanning --on 2013-04-16
duban task acknowledge 31 --as liuzhou --on 2013-04-16
duban task decompose 30 --to 武鸣县科技局=市、县:12 --to 横县科技局=市、县:8 --due 2013-12-15 --as nanning --on 2013-04-17   # refused: child-loosened
duban task decompose 30 --to 武鸣县科技局=市、县:12 --to 横县科技局=市、县:8 --due 2013-10-31 --as nanning --on 2013-04-17
duban task acknowledge 32 --as wuming --on 2013-04-18
duban task acknowledge 33 --as heng --on 2013-04-18
duban task list --as nanning --on 2013-04-18
duban task report 32 --value 市、县=7 --text 七个乡镇站配齐 --as wuming --on 2013-06-28
duban task report 33 --value 市、县=3 --text 三个站配齐 --as heng --on 2013-06-28
duban task report 31 --value 市、县=9 --text 九个县区配齐 --as liuzhou --on 2013-06-28
duban task hand-in 9 --value 市、县=2 --text 服务站基建投资已下达 --evidence funds.txt --as fgw --on 2013-06-28
duban task show 9 --on 2013-06-28
# ## A series that must outgrow another
duban indicator set 科技经费增幅 --value 14.2 --for 2013Q2 --unit % --source 财政半年报 --as zhang --on 2013-06-28   # refused: observed-later
duban indicator set 科技经费增幅 --value 14.2 --for 2013Q2 --unit % --source 财政半年报 --as zhang --on 2013-07-01
duban indicator set 财政经常性收入增幅 --value 12.5 --for 2013Q2 --unit % --source 财政半年报 --as zhang --on 2013-07-01
duban indicator link 7 科技经费 --observed-by 科技经费增幅 --against 财政经常性收入增幅 --as zhang --on 2013-07-01
duban task show 7 --on 2013-07-01
# ## The bulletin of the half-year, and what comes to be known later
duban bulletin 2013Q2 --on 2013-07-05
duban bulletin publish 2013Q2 -o papers --as li --on 2013-07-05
duban indicator set 科技经费增幅 --value 11.9 --for 2013Q2 --unit % --source 财政半年报更正 --as zhang --on 2013-07-22
duban indicator list 科技经费增幅 --on 2013-07-22
duban task show 7 --on 2013-07-05
duban task show 7 --on 2013-07-22
duban bulletin 2013Q2 --on 2013-07-05
# ## Handed in from below, level by level
duban task report 32 --value 市、县=12 --text 全部配齐 --as wuming --on 2013-09-26
duban task submit 32 --as wuming --on 2013-09-26
duban task report 33 --value 市、县=8 --text 全部配齐 --as heng --on 2013-09-27
duban task submit 33 --as heng --on 2013-09-27
duban task submit 30 --as nanning --on 2013-09-27   # refused: children-open
duban task complete 32 --as li --on 2013-09-30
duban task complete 33 --as li --on 2013-09-30
duban task show 33 --on 2013-09-29 --as liuzhou   # refused: unknown-task
duban task submit 30 --as nanning --on 2013-10-08
duban task complete 30 --as li --on 2013-10-10
duban task submit 15 --as kjt --on 2013-10-11
duban task complete 15 --as li --on 2013-10-14
duban task show 9 --on 2013-10-14
duban bulletin publish 2013Q3 -o papers --as li --on 2013-10-15
duban bulletin 2013Q3 --on 2013-10-15
duban ledger verify
duban ledger export ledger.jsonl
