from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TextsConfig(AppConfig):
    name = "keshu.bureau.texts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from keshu.bureau.pages.registry import register_verbs
        from keshu.bureau.records.files import register_holder
        from keshu.bureau.texts.home import register_home
        from keshu.bureau.texts.queries import files_named

        register_home()
        register_holder(files_named)
        register_verbs(
            {
                "text.add": _("上传文稿"),
                "text.change": _("修改文稿信息"),
                "text.judge": _("处理核校结论"),
                "text.remove": _("删除文稿"),
                "summary.adopt": _("沿用上年总结"),
            }
        )
