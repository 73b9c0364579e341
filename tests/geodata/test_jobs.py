"""Jobs: progress on a second connection, cancelling, and noticing that their process has died."""

import datetime
import os
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.dispatch import receiver
from django.test import override_settings
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from geodata import jobs
from geodata.models import ImportRun
from geodata.signals import due
from products.ocop.models import Product
from products.register.importing import runs
from tests.factories import ProductFactory, UnitFactory, publisher_of
from tests.spreadsheets import csv_text, table

State = ImportRun.State
DEADLINE_S = 60


def create_run(**values):
    defaults = {"kind": "products", "file_name": "a.csv", "sha256": "0"}
    return ImportRun.objects.create(**defaults | values)


def create_task(run):
    """What django-tasks stores about the running job of a run."""
    return DBTaskResult.objects.create(
        status="RUNNING",
        run_after=timezone.now(),
        args_kwargs={"args": [], "kwargs": {"run_id": run.pk}},
    )


def until(true):
    end = time.monotonic() + DEADLINE_S
    while not true():
        assert time.monotonic() < end


def seconds_ago(seconds):
    return timezone.now() - datetime.timedelta(seconds=seconds)


# --- the end of a job ----------------------------------------------------------------------


@pytest.mark.django_db
def test_a_job_that_raises_fails_in_words_and_the_worker_learns_of_it():
    refused, broken = create_run(), create_run()
    with jobs.running(refused.pk):
        raise ValidationError("Tệp không dùng được.")
    with pytest.raises(ZeroDivisionError), jobs.running(broken.pk):
        _ = 1 / 0

    for run in (refused, broken):
        run.refresh_from_db()
    assert (refused.state, refused.result) == (State.FAILED, "Tệp không dùng được.")
    assert broken.state == State.FAILED
    assert "Lỗi của phần mềm" in broken.result


@pytest.mark.django_db
def test_a_run_that_does_not_wait_has_no_job():
    run = create_run()
    jobs.cancel(run)

    with jobs.running(run.pk) as job:
        assert job is None

    run.refresh_from_db()
    assert run.state == State.CANCELLED


@pytest.mark.django_db(transaction=True)
def test_progress_is_visible_and_cancelling_works_during_one_long_transaction(monkeypatch):
    monkeypatch.setattr(jobs, "BEAT_S", 0.01)
    run = create_run()
    other = connection.copy()
    with jobs.running(run.pk) as job, transaction.atomic():
        ProductFactory()
        job.progress(7, 10)
        until(lambda: row(other, run)[:2] == (7, 10))
        with other.cursor() as cursor:
            cursor.execute("UPDATE geodata_importrun SET cancel_requested = true")
        with pytest.raises(jobs.Stopped):
            until(lambda: job.progress(8, 10))
        job.progress(9, 10)
    other.close()

    run.refresh_from_db()
    assert (run.state, run.applied, Product.objects.count()) == (State.CANCELLED, False, 0)
    assert "Đã dừng" in run.result


def row(other, run):
    with other.cursor() as cursor:
        cursor.execute("SELECT done, total FROM geodata_importrun WHERE id = %s", [run.pk])
        return cursor.fetchone()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "meanwhile", [{"cancel_requested": True}, {"state": State.FAILED, "result": "Hỏng"}]
)
def test_a_run_that_was_cancelled_or_failed_meanwhile_is_not_written(meanwhile):
    run = create_run()
    with jobs.running(run.pk) as job, transaction.atomic():
        ProductFactory()
        ImportRun.objects.filter(pk=run.pk).update(**meanwhile)
        job.finish(state=State.WRITTEN, applied=True)

    run.refresh_from_db()
    assert run.applied is False
    assert not Product.objects.exists()


# --- what is due ---------------------------------------------------------------------------


@pytest.mark.django_db
def test_jobs_without_a_heartbeat_fail_and_others_do_not(capsys):
    dead = create_run(state=State.RUNNING, heartbeat=seconds_ago(61))
    alive = create_run(state=State.RUNNING, heartbeat=seconds_ago(30))
    waiting = create_run(state=State.QUEUED)
    tasks = [create_task(run) for run in (dead, alive)]

    for expected in ("1 lần nhập đã dừng giữa chừng.\n", ""):
        call_command("due")
        assert capsys.readouterr().out == expected

    for run in (dead, alive, waiting):
        run.refresh_from_db()
    assert [run.state for run in (dead, alive, waiting)] == [
        State.FAILED,
        State.RUNNING,
        State.QUEUED,
    ]
    assert "chưa có gì được ghi" in dead.result
    for task in tasks:
        task.refresh_from_db()
    assert [task.status for task in tasks] == ["FAILED", "RUNNING"]


@pytest.mark.django_db(transaction=True)
def test_a_job_that_is_about_to_commit_is_alive():
    run = create_run(state=State.RUNNING, heartbeat=seconds_ago(61))
    other = connection.copy()
    other.set_autocommit(False)
    with other.cursor() as cursor:
        cursor.execute("UPDATE geodata_importrun SET done = 1")

    call_command("due")

    other.rollback()
    other.close()
    run.refresh_from_db()
    assert run.state == State.RUNNING


@pytest.mark.django_db
def test_files_and_task_results_are_deleted_when_they_are_old(import_folder, capsys):
    run, recent = create_run(state=State.CHECKED), create_run(state=State.CHECKED)
    for one in (run, recent):
        one.file.save("a.csv", ContentFile(b"A"))
    ImportRun.objects.filter(pk=run.pk).update(ran_at=seconds_ago(91 * 86_400))
    for days in (13, 15):
        DBTaskResult.objects.create(
            status="SUCCESSFUL",
            finished_at=seconds_ago(days * 86_400),
            run_after=timezone.now(),
            args_kwargs={},
        )

    call_command("due")

    run.refresh_from_db()
    assert (run.file.name, len(list(import_folder.iterdir()))) == ("", 1)
    assert DBTaskResult.objects.count() == 1


@pytest.mark.django_db
def test_other_applications_add_what_is_due_and_a_failure_does_not_stop_them(capsys):
    called = []

    @receiver(due)
    def broken(sender, **kwargs):
        raise ZeroDivisionError

    @receiver(due)
    def other(sender, **kwargs):
        called.append(sender)
        return "Một việc."

    try:
        with pytest.raises(CommandError, match="broken"):
            call_command("due")
    finally:
        due.disconnect(broken)
        due.disconnect(other)
    assert called == [None]
    assert capsys.readouterr().out == "Một việc.\n"


# --- a real worker -------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_leaves_a_run_that_fails_in_words(import_folder):
    commune = UnitFactory()
    official = publisher_of(commune)
    product = ProductFactory(declared_commune=commune, name="Nho")
    rows = table(
        {"Mã sản phẩm": "", "Tên sản phẩm": "Mới", "Nguồn": "Văn bản", "Xã": commune.full_name},
        {"Mã sản phẩm": product.code, "Tên sản phẩm": "Nho đỏ", "Nguồn": "", "Xã": ""},
    )
    run = create_run(
        user=official,
        step="write",
        mapping={
            "format": "csv",
            "decisions": {},
            "columns": dict(zip(rows[0], COLUMNS, strict=True)),
        },
    )
    run.file.save("a.csv", ContentFile(csv_text(rows).encode()))
    with override_settings(TASKS=settings_of_the_site()):
        runs.process.enqueue(run_id=run.pk)

    with transaction.atomic():
        # The import waits for this lock in its transaction, when it has written nothing yet.
        Product.objects.select_for_update().get(pk=product.pk)
        with worker(import_folder) as process:
            until(lambda: in_its_transaction() or process.poll() is not None)
            assert process.poll() is None
            os.kill(process.pid, signal.SIGKILL)

    run.refresh_from_db()
    assert (run.state, run.heartbeat is not None) == (State.RUNNING, True)
    task = DBTaskResult.objects.get()
    assert task.status == "RUNNING"
    ImportRun.objects.update(heartbeat=seconds_ago(61))
    call_command("due", verbosity=0)

    run.refresh_from_db()
    assert (run.state, run.applied) == (State.FAILED, False)
    assert "dừng giữa chừng; chưa có gì được ghi" in run.result
    task.refresh_from_db()
    assert (task.status, task.finished_at is not None) == ("FAILED", True)
    assert task.exception_class_path == "geodata.jobs.ProcessDied"
    assert list(Product.objects.values_list("name", flat=True)) == ["Nho"]


COLUMNS = ["code", "name", "source", "commune"]


def settings_of_the_site():
    return {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def worker(import_folder):
    """A worker as bin/run starts it, on the database of this test."""
    values = connection.settings_dict
    address = (
        f"postgis://{values['USER']}:{values['PASSWORD']}@{values['HOST']}:{values['PORT']}"
        f"/{values['NAME']}"
    )
    environment = {
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "ocopmap.settings",
        # The folder of uploaded files is `imports` in it.
        "OCOPMAP_LOCAL": str(import_folder.parent),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "django", "db_worker", "--no-startup-delay"],
        cwd=settings.BASE_DIR,
        env=os.environ | environment,
    )


def in_its_transaction():
    """Whether another connection waits for the lock of this test."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM pg_locks WHERE NOT granted"
            " AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
        )
        return cursor.fetchone() is not None
