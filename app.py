"""`uvicorn app:app`: read the settings, put the house together, open the doors."""

from assembly import assemble
from channels.signin.chosen import sign_in_of
from channels.slack.chosen import slack_of
from channels.watching.lines import log_options
from channels.web.application import application
from channels.widget.chosen import widget_of
from settings import load

settings = load()
signin = sign_in_of(settings)
house = assemble(settings)
app = application(
    house.open_doors,
    house.stop,
    data_dir=settings.data_dir,
    allowed_origins=settings.web.allowed_origins,
    logs=log_options(settings),
    signin=signin,
    widget=widget_of(settings, signin),
    slack=slack_of(settings),
)
