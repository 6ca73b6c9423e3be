import os
import signal

from keshu.site.supervisor import SUPERVISED, die_with_parent

if os.environ.get(SUPERVISED):
    # Else what a killed granian leaves behind goes on answering beside its successor. Its own handler of SIGTERM is
    # the parent's while it loads, and loses the signal.
    die_with_parent(signal.SIGKILL)

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keshu.site.settings")
application = get_wsgi_application()
