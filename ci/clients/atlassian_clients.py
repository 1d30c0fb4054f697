#!/usr/bin/env python3
"""Lets well-known clients talk to a Jira and Confluence: `jira` and `atlassian-python-api`.

    atlassian_clients.py --site URL --email ADDRESS --token TOKEN --jql QUERY --page ID

None of them was written with the twin in mind. Ends with "N passed, N failed".
"""

import argparse
import sys
import traceback

from atlassian import Confluence, Jira
from jira import JIRA

CHECKS = []


def check(function):
    CHECKS.append(function)
    return function


class Clients:
    def __init__(self, a):
        self.a = a
        self.jira = JIRA(server=a.site, basic_auth=(a.email, a.token), options={"rest_api_version": "3"}, max_retries=0)
        self.wrapper = Jira(url=a.site, username=a.email, password=a.token, cloud=True, api_version="3")
        self.wiki = Confluence(url=f"{a.site}/wiki", username=a.email, password=a.token, api_version=2)
        self.old_wiki = Confluence(url=f"{a.site}/wiki", username=a.email, password=a.token, cloud=True)


@check
def server_and_fields(c):
    assert c.jira.server_info()["deploymentType"] == "Cloud"
    assert c.jira.myself()["emailAddress"].lower() == c.a.email.lower()
    fields = c.jira.fields()
    assert {"summary", "status", "duedate"} <= {field["id"] for field in fields}
    assert any(field["custom"] for field in fields)
    assert len(c.jira.projects()) >= 1


@check
def search_goes_on_to_the_end(c):
    every = c.jira.enhanced_search_issues(c.a.jql, maxResults=False, fields=["summary", "status"])
    assert len(every) > 1
    keys = [issue.key for issue in every]
    assert len(set(keys)) == len(keys)
    seen, token = [], None
    while True:
        page = c.jira.enhanced_search_issues(c.a.jql, maxResults=2, nextPageToken=token, fields=["status"], json_result=True)
        seen += [issue["key"] for issue in page["issues"]]
        token = page.get("nextPageToken")
        if not token:
            break
    assert seen == keys, (seen, keys)
    assert c.jira.approximate_issue_count(c.a.jql) == len(keys)
    assert all(issue.fields.status.statusCategory.key in ("new", "indeterminate", "done") for issue in every)


@check
def the_other_client_searches_too(c):
    found = c.wrapper.enhanced_jql(c.a.jql, fields=["summary", "assignee"], limit=50)
    assert found["issues"] and "summary" in found["issues"][0]["fields"]


@check
def an_issue_with_its_history(c):
    every = c.jira.enhanced_search_issues(c.a.jql, maxResults=False, fields=["summary"])
    histories = 0
    for found in every:
        issue = c.jira.issue(found.key, expand="changelog")
        assert issue.fields.summary and issue.fields.issuetype.name and issue.fields.project.key
        for history in issue.changelog.histories:
            histories += 1
            assert history.created and all(item.field for item in history.items)
        for comment in c.jira.comments(issue):
            assert comment.created
    assert histories > 0


@check
def a_comment_is_made_and_taken_back(c):
    key = c.jira.enhanced_search_issues(c.a.jql, maxResults=1, fields=["summary"])[0].key
    paragraph = {"type": "paragraph", "content": [{"type": "text", "text": "Hello from a client"}]}
    made = c.jira.add_comment(key, {"type": "doc", "version": 1, "content": [paragraph]})
    assert made.id in [comment.id for comment in c.jira.comments(key)]
    made.delete()
    assert made.id not in [comment.id for comment in c.jira.comments(key)]


@check
def boards_and_sprints(c):
    boards = c.jira.boards()
    assert boards
    sprints = [sprint for board in boards if board.type == "scrum" for sprint in c.jira.sprints(board.id)]
    assert any(sprint.state == "active" for sprint in sprints)
    active = next(sprint for sprint in sprints if sprint.state == "active")
    assert c.wrapper.get_sprint(active.id)["name"] == active.name
    assert c.wrapper.get(f"rest/agile/1.0/sprint/{active.id}/issue")["total"] > 0


@check
def a_page_and_its_past(c):
    page = c.wiki.get_page_by_id(c.a.page, body_format="storage")
    assert page["title"] and page["version"]["number"] >= 1
    assert page["body"]["storage"]["value"].startswith("<")
    versions = c.wiki.get(f"api/v2/pages/{c.a.page}/versions", params={"body-format": "storage"})
    assert len(versions["results"]) == page["version"]["number"]
    assert versions["results"][0]["page"]["body"]["storage"]["value"] == page["body"]["storage"]["value"]
    assert c.wiki.get_spaces()


@check
def the_old_confluence_client_reads_versions(c):
    versions = c.old_wiki.get_all_page_versions(c.a.page)
    assert versions and versions[0]["number"] == len(versions)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("site", "email", "token", "jql", "page"):
        parser.add_argument(f"--{name}", required=True)
    clients = Clients(parser.parse_args())
    passed = failed = 0
    for function in CHECKS:
        try:
            function(clients)
            passed += 1
            print(f"ok    {function.__name__}")
        except Exception:
            failed += 1
            print(f"FAIL  {function.__name__}\n{traceback.format_exc()}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
