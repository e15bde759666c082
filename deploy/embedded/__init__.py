"""The embedded PostgreSQL: a server of our own, bound to the process that starts it."""

from hengjian.deploy.embedded.binaries import Binaries as Binaries
from hengjian.deploy.embedded.binaries import choose_binaries as choose_binaries
from hengjian.deploy.embedded.binaries import wheel_folders as wheel_folders
from hengjian.deploy.embedded.databases import DATABASE as DATABASE
from hengjian.deploy.embedded.databases import LOGIN as LOGIN
from hengjian.deploy.embedded.databases import admin_url as admin_url
from hengjian.deploy.embedded.databases import ensure_database as ensure_database
from hengjian.deploy.embedded.databases import login_password as login_password
from hengjian.deploy.embedded.databases import login_url as login_url
from hengjian.deploy.embedded.databases import plain_url as plain_url
from hengjian.deploy.embedded.place import Place as Place
from hengjian.deploy.embedded.place import find_place as find_place
from hengjian.deploy.embedded.place import make_place as make_place
from hengjian.deploy.embedded.server import Server as Server
from hengjian.deploy.embedded.temporary import temporary_server as temporary_server
