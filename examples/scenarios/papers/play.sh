# Played by tests/cli/test_scenarios.py; by hand: line by line in a copy of this folder, with DUBAN_HOME naming an empty one.
# A county's livelihood items of one year and all the papers they bring: agreements, assignment sheets, urging, a reply, bulletins with a correction, a case with an objection, the scorecard, the archive.
duban init --on 2012-12-21
duban account add zhang --role plan_office --as admin --on 2012-12-21
duban account add li --role supervisor --as admin --on 2012-12-21
duban account add wang --role supervisor --as admin --on 2012-12-21
duban plan draft plan.txt -o draft.json
duban plan issue draft.json --as zhang --on 2012-12-24
duban account add water --role unit --unit 县水利局 --as admin --on 2012-12-24
duban account add school --role unit --unit 县教育局 --as admin --on 2012-12-24
duban account add health --role unit --unit 县卫生局 --as admin --on 2012-12-24
duban unit contact 县水利局 water@qj.example --name 周敏 --as zhang --on 2012-12-24
# ## Who owes what: sheets and agreements
duban plan sheets 1 --unit 县水利局 --dry-run --as zhang --on 2012-12-25
duban plan sheets 1 --issue --yes --contact 陈办，0771-1234567 --as zhang --on 2012-12-25
duban letter issue 2013 --unit 县水利局 --yes --as zhang --on 2012-12-26
duban letter signed 2013 --unit 县水利局 --by 周局长 --as zhang --on 2013-01-04
duban letter issue 2013 --unit 县水利局 --yes --as zhang --on 2013-01-05   # refused: already-issued
duban letter list 2013 --as zhang --on 2013-01-05
duban task acknowledge 1 --as water --on 2013-01-07
duban task acknowledge 2 --as school --on 2013-01-07
duban task acknowledge 3 --as health --on 2013-01-07
# ## The year
duban task report 3 --value 救护车=8 --text 8辆车全部上牌交付 --as health --on 2013-03-28
duban task report 1 --value 供水=3 --text 三处通水 --as water --on 2013-03-28
duban task report 2 --value 校舍=5 --text 五栋封顶 --as school --on 2013-03-28
duban task submit 3 --as health --on 2013-04-10
duban task complete 3 --as li --on 2013-04-12
duban request file 1 extension --due 2013-11-30 --reason 汛期停工 --progress 已建成5处 --as water --on 2013-09-10
duban request refuse 1 --reason 汛期已在工期内考虑 --as zhang --on 2013-09-12
duban request reply 1 --issue --yes --as zhang --on 2013-09-12
duban notice urge --unit 县水利局 --issue --yes --as li --on 2013-10-08
duban notice urged 1 --person 周敏 --answer 设备十月底到货 --as li --on 2013-10-09
duban unit page 县水利局 --format md -o page.md --on 2013-10-10
# ## The bulletin: drafted, worded, approved by another, published, corrected
duban bulletin draft 2013Q3 --as li --on 2013-10-10
duban bulletin text 2013Q3 -o words.md --as li --on 2013-10-10
duban bulletin approve 2013Q3 --as wang --on 2013-10-11
duban bulletin publish 2013Q3 --as wang --on 2013-10-11 -o papers
duban bulletin trace 2013Q3 overdue --on 2013-10-11
duban bulletin publish 2013Q3 --as wang --on 2013-10-11   # refused: already-published
duban task report 1 --value 供水=12 --text 十二处全部通水 --as water --on 2013-10-28
duban task report 2 --period 2013Q3 --value 校舍=14 --text 十四栋完工 --correction 第三季度漏报 --as school --on 2013-10-28
duban bulletin correct 2013Q3 --reason 县教育局补报第三季度进展 --as li --on 2013-10-29
duban bulletin publish 2013Q3 --as wang --on 2013-10-29 -o papers
duban bulletin list --on 2013-10-29
# ## What published rules propose, and a case with an objection
duban case propose --as li --on 2014-01-08
duban case open --task 1 --basis 县政府督查通报点名 --effect 三个村推迟一个月通水 --as li --on 2013-11-04
duban case statement 1 --text 设备招标流标一次 --as water --on 2013-11-06
duban case conclude 1 --text 供水工程逾期28天完成 --demand 报送逾期原因和改进措施 --demand-by 2013-12-10 --as li --on 2013-11-08
duban case approve 1 --as li --on 2013-11-08   # refused: own-conclusion
duban case approve 1 --as wang --on 2013-11-11
duban case serve 1 --by 周敏 --yes --as li --on 2013-11-12
duban case object 1 --text 逾期天数应扣除停电两天 --as water --on 2013-12-12
duban case decide 1 --outcome upheld --text 停电不在免责范围 --yes --as wang --on 2013-12-16
duban case rectify 1 --text 已建立设备备货制度 --as water --on 2013-12-18
duban case verify 1 --text 制度已印发，抽查两处属实 --as li --on 2013-12-20
duban case list --on 2013-12-20
duban case show 1 --format md -o case.md --on 2013-12-20
# ## The year's appraisal
duban scorecard 2013 --scheme county --on 2014-01-10
duban ledger book -o book.xlsx --on 2014-01-10
duban paper list --on 2014-01-10
duban paper write 督结〔2013〕1号 -o out --on 2014-01-10
duban ledger verify
