"""Jobs that show how far they are, can be cancelled, and are noticed if their process dies.

A job is a task of django-tasks that works on an ImportRun and is enqueued with its id as the
keyword `run_id`. Progress and heartbeat are written on a connection of their own, so that they are
visible while the job is in one long transaction.
"""

import datetime
import logging
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_tasks_db.models import DBTaskResult

from .models import ImportRun
from .signals import due

logger = logging.getLogger(__name__)

# Seconds between two heartbeats, and without any until a job counts as dead.
BEAT_S = 1
DEAD_AFTER_S = 60
# Days after which uploaded files are deleted; the run with its report stays.
KEEP_FILES_DAYS = 90
KEEP_RESULTS_DAYS = 14

State = ImportRun.State


class Stopped(Exception):
    """The job is to end without writing anything: it was cancelled or counts as dead."""


class ProcessDied(Exception):
    """What django-tasks stores as the exception of a job that has given no heartbeat."""


class Job:
    """The running job of an ImportRun; run: the row as it was when the job began."""

    def __init__(self, run):
        self.run = run
        self._done, self._total = run.done, run.total
        self._stop = threading.Event()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"heartbeat-{run.pk}", daemon=True)

    def progress(self, done: int, total: int) -> None:
        """Set the numbers of rows done and of all; raise Stopped if the job is to end.

        They are stored with the next heartbeat.
        """
        self._done, self._total = done, total
        if self._stop.is_set():
            raise Stopped

    def finish(self, **values: Any) -> None:
        """Store values of the run in the transaction of the records, as its last statement.

        Raises Stopped if somebody has cancelled the run, or declared it dead, in the meantime: the
        caller rolls back. The heartbeat waits for the end of the transaction.
        """
        running = ImportRun.objects.filter(
            pk=self.run.pk, state=State.RUNNING, cancel_requested=False
        )
        if not running.update(done=self._done, total=self._total, **values):
            raise Stopped

    def _beat(self):
        """Write heartbeats until the job has ended; runs in a thread of its own."""
        with closing(connection.copy()) as own:
            while not self._ended.wait(BEAT_S):
                try:
                    self._write_heartbeat(own)
                except Exception:
                    # The database may be restarting; the job itself notices.
                    logger.exception("No heartbeat of import run %s", self.run.pk)
                    own.close()

    def _write_heartbeat(self, own):
        with own.cursor() as cursor:
            cursor.execute(
                "UPDATE geodata_importrun SET heartbeat = now(), done = %s, total = %s"
                " WHERE id = %s AND state = %s RETURNING cancel_requested",
                [self._done, self._total, self.run.pk, State.RUNNING],
            )
            row = cursor.fetchone()
        if row and row[0]:
            self._stop.set()


@contextmanager
def running(run_id: int) -> Iterator[Job | None]:
    """Context manager of a job: the run is "running" inside, and has ended afterwards.

    Yields the Job, or None if the run is not waiting for a job, for example because it was
    cancelled. The body stores how the run ends: in its transaction with Job.finish(), or afterwards
    with end(). Exceptions of the body become the result of the run, in words: what it wrote must
    have been rolled back.
    """
    # UPDATE … WHERE: of two workers with the same run, one gets it.
    queued = ImportRun.objects.filter(pk=run_id, state=State.QUEUED)
    if not queued.update(state=State.RUNNING, heartbeat=timezone.now(), done=0, total=0):
        yield None
        return
    job = Job(ImportRun.objects.get(pk=run_id))
    job._thread.start()
    try:
        yield job
    except Stopped:
        end(run_id, state=State.CANCELLED, result=_("Đã dừng theo yêu cầu; chưa có gì được ghi."))
    except ValidationError as error:
        end(run_id, state=State.FAILED, result=" ".join(error.messages))
    except BaseException:
        # SystemExit too: the worker exits at a second signal.
        logger.exception("The job of import run %s failed", run_id)
        text = _("Lỗi của phần mềm, đã ghi vào nhật ký máy chủ; chưa có gì được ghi vào hồ sơ.")
        end(run_id, state=State.FAILED, result=text)
        raise
    finally:
        job._ended.set()
        job._thread.join()


def end(run_id: int, **values: Any) -> None:
    """Store how a running job has ended; without effect if it is no longer running.

    values: fields of the ImportRun.
    """
    ImportRun.objects.filter(pk=run_id, state=State.RUNNING).update(**values)


def cancel(run: ImportRun) -> None:
    """Cancel a run: at once if it is waiting, else at the end of the chunk being written."""
    queued = ImportRun.objects.filter(pk=run.pk, state=State.QUEUED)
    text = _("Đã dừng theo yêu cầu; chưa có gì được ghi.")
    if not queued.update(state=State.CANCELLED, result=text):
        ImportRun.objects.filter(pk=run.pk, state=State.RUNNING).update(cancel_requested=True)


@receiver(due)
@transaction.atomic
def fail_dead_jobs(sender: Any = None, **kwargs: Any) -> str | None:
    """Fail the runs, and their tasks, whose process has given no heartbeat for DEAD_AFTER_S.

    A killed process leaves nothing half written: PostgreSQL rolls its transaction back.
    """
    since = timezone.now() - datetime.timedelta(seconds=DEAD_AFTER_S)
    # A job that is about to commit has locked its run: it is alive.
    dead = ImportRun.objects.filter(state=State.RUNNING, heartbeat__lt=since)
    ids = [run.pk for run in dead.select_for_update(skip_locked=True)]
    text = _("Tiến trình xử lý đã dừng giữa chừng; chưa có gì được ghi. Hãy chạy lại.")
    ImportRun.objects.filter(pk__in=ids).update(state=State.FAILED, result=text)
    # The worker does it only for an exception; a killed one leaves the task running for ever.
    for task in DBTaskResult.objects.running().filter(args_kwargs__kwargs__run_id__in=ids):
        task.set_failed(ProcessDied(f"No heartbeat for {DEAD_AFTER_S} s"))
    count = len(ids)
    if not count:
        return None
    return ngettext(
        "%d lần nhập đã dừng giữa chừng.", "%d lần nhập đã dừng giữa chừng.", len(ids)
    ) % len(ids)


@receiver(due)
def delete_old_files(sender: Any = None, **kwargs: Any) -> str | None:
    """Delete the files of runs that are older than KEEP_FILES_DAYS."""
    before = timezone.now() - datetime.timedelta(days=KEEP_FILES_DAYS)
    old = ImportRun.objects.filter(ran_at__lt=before).exclude(file="")
    old = old.exclude(state__in=[State.QUEUED, State.RUNNING])
    count = 0
    for run in old:
        run.file.delete(save=False)
        ImportRun.objects.filter(pk=run.pk).update(file="")
        count += 1
    if not count:
        return None
    return ngettext("%d tệp nhập cũ đã xoá.", "%d tệp nhập cũ đã xoá.", count) % count


@receiver(due)
def delete_old_task_results(sender: Any = None, **kwargs: Any) -> None:
    """Delete what django-tasks stores about tasks that ended KEEP_RESULTS_DAYS ago."""
    before = timezone.now() - datetime.timedelta(days=KEEP_RESULTS_DAYS)
    DBTaskResult.objects.finished().filter(finished_at__lt=before).delete()
