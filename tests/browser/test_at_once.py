"""Two at one task, one click too many, a log-in that ends while somebody types, and the browser's own way back."""

from tests.browser.houses import done_on, end_log_ins, reports_on, task_of


def acknowledged(person, house, number):
    """Take an item's task up and return its id; the person is at its report form."""
    task = task_of(house, number)
    person.open(f"/tasks/{task}/acknowledge").press("签收")
    person.is_told("已签收")
    person.open(f"/tasks/{task}/report")
    return task


def test_the_later_of_two_is_told_and_keeps_his_words(house, address, somebody):
    first, second = somebody(address, "science"), somebody(address, "science")
    second.forgiven.append("409 (Conflict)")
    task = acknowledged(first, house, 1)
    second.open(f"/tasks/{task}/report")
    first.write("进展", "两个县已验收")
    first.press("填报")
    first.is_told("已填报")
    second.write("进展", "三个县已验收")
    second.press("填报")
    second.is_told("别人办理过这项任务")
    second.sees("两个县已验收")
    assert second.field("进展").input_value() == "三个县已验收"
    second.press("填报")
    second.is_told("第 2 次")
    assert done_on(house, task).count("report") == 2


def test_a_double_click_and_a_form_sent_again_are_one_act(house, address, somebody):
    person = somebody(address, "science")
    task = acknowledged(person, house, 2)
    person.write("进展", "已开工")
    with person.page.expect_request(lambda asked: asked.method == "POST") as sending:
        person.page.get_by_role("button", name="填报", exact=True).dblclick()
    person.is_told("已填报")
    sent = sending.value
    kind = {"Content-Type": sent.headers["content-type"]}
    answer = person.context.request.post(sent.url, data=sent.post_data_buffer, headers=kind, max_redirects=0)
    assert answer.status == 303
    assert reports_on(house, task) == 1
    task = task_of(house, 3)
    person.open(f"/tasks/{task}/acknowledge")
    person.page.get_by_role("button", name="签收", exact=True).dblclick()
    person.is_told("已签收")
    assert done_on(house, task).count("acknowledge") == 1


def test_words_are_there_again_after_a_log_in_that_ended(house, address, somebody):
    person = somebody(address, "finance")
    task = task_of(house, 4)
    person.open(f"/tasks/{task}/part")
    account = int(person.page.locator("body").get_attribute("data-account"))
    person.write("本单位完成的工作", "资金已拨付三成")
    end_log_ins(house, account)
    person.press("交给牵头单位")
    person.sees("您填写的内容还留在这个浏览器里")
    person.type_log_in("finance")
    person.is_at(f"/tasks/{task}/part")
    assert person.field("本单位完成的工作").input_value() == "资金已拨付三成"
    person.press("交给牵头单位")
    person.is_told("材料已交给牵头单位")
    assert done_on(house, task).count("hand-in") == 1


def test_the_way_back_does_nothing_twice(house, address, somebody):
    person = somebody(address, "science")
    person.forgiven.append("422 (Unprocessable")
    task = acknowledged(person, house, 5)
    person.page.locator("[name^=value-]").first.fill("三个")
    person.write("进展", "已有三个县申报")
    person.press("填报")
    person.is_told("不是数字")
    assert person.field("进展").input_value() == "已有三个县申报"
    person.page.locator("[name^=value-]").first.fill("3")
    person.press("填报")
    person.is_told("已填报")
    person.page.go_back()
    person.is_at(f"/tasks/{task}/report")
    person.sees("填报进展")
    person.page.go_forward()
    person.is_at("/work")
    assert reports_on(house, task) == 1
