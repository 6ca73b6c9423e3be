from django.urls import path

from keshu.bureau.accounts import pages, views

app_name = "accounts"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("password/", views.password, name="password"),
    path("users/", pages.users, name="users"),
    path("users/add/", pages.add, name="add"),
    path("users/<int:user_id>/reset/", pages.reset, name="reset"),
    path("users/<int:user_id>/on/", pages.switch, {"to": "on"}, name="activate"),
    path("users/<int:user_id>/off/", pages.switch, {"to": "off"}, name="deactivate"),
    path("roles/", pages.roles, name="roles"),
    path("roles/<int:user_id>/", pages.grant, name="grant"),
    path("roles/end/<int:membership_id>/", pages.end, name="end-role"),
    path("sign-ins/", pages.sign_ins, name="sign-ins"),
]
